import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_PER_SAMPLE, ENCODINGS } from '../audio/index.js';
import type { BusRecord, NewRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { type AudioLogRecord, LEGS } from './audio-log.js';
import { decodeAudioRecord, encodeAudioRecord } from './audio-record.js';

const onBus = (record: NewRecord): BusRecord => ({
  ...record,
  topic: 'undertone.audio.v1',
  partition: 3,
  offset: 77,
  timestampMs: 0,
});

const CHUNK: AudioLogRecord = {
  type: 'audio.chunk',
  callId: 'CA1',
  tenant: 'acme',
  feedId: 'twilio-1',
  leg: 'customer',
  encoding: 'mulaw',
  sampleRateHz: 8000,
  channels: 1,
  seq: 4,
  offsetSamples: 640,
  bytes: new Uint8Array(160).fill(255),
};

const id = fc.string({ minLength: 1, maxLength: 20 });
const base = { callId: id, tenant: id, feedId: id };
const leg = fc.constantFrom(...LEGS);
const ms = fc.integer({ min: 0, max: 86_400_000 });
const kinds: fc.Arbitrary<AudioLogRecord>[] = [
  fc
    .record({
      ...base,
      type: fc.constant('audio.chunk' as const),
      leg,
      encoding: fc.constantFrom(...ENCODINGS),
      sampleRateHz: fc.integer({ min: 4000, max: 192_000 }),
      channels: fc.constantFrom(1, 2),
      seq: fc.nat(),
      offsetSamples: fc.maxSafeNat(),
      samples: fc.nat({ max: 40 }),
    })
    .map(({ samples, ...chunk }) => ({
      ...chunk,
      bytes: new Uint8Array(samples * chunk.channels * BYTES_PER_SAMPLE[chunk.encoding]).fill(samples),
    })),
  fc.record(
    {
      ...base,
      type: fc.constant('call.started' as const),
      live: fc.boolean(),
      notice: fc.constantFrom('given' as const, 'not-given' as const, 'unknown' as const),
      legs: fc.subarray([...LEGS], { minLength: 1 }),
      feed: fc.constantFrom('twilio', 'generic'),
      queue: id,
      synthetic: fc.boolean(),
    },
    { requiredKeys: ['callId', 'tenant', 'feedId', 'type', 'live', 'notice', 'legs', 'feed'] },
  ) as fc.Arbitrary<AudioLogRecord>,
  fc.record({
    ...base,
    type: fc.constant('call.ended' as const),
    reason: fc.constantFrom('completed', 'idle', 'feed-lost', 'error', 'shutdown'),
  }),
  fc.record({ ...base, type: fc.constant('call.paused' as const) }),
  fc.record({ ...base, type: fc.constant('call.resumed' as const), durationMs: ms }),
  fc.record({ ...base, type: fc.constant('audio.lost' as const), leg, offsetMs: ms, durationMs: ms }),
  fc.record({
    ...base,
    type: fc.constant('voice.activity' as const),
    leg,
    firstBlock: fc.nat(),
    voiced: fc.array(fc.boolean()),
  }),
];

it('gives every record back as it was', () => {
  fc.assert(
    fc.property(fc.oneof(...kinds), fc.nat(), (record, ordinal) => {
      expect(decodeAudioRecord(onBus(encodeAudioRecord(record, { ordinal })))).toEqual(record);
    }),
  );
});

it('writes the headers of the contract', () => {
  const { key, value, headers } = encodeAudioRecord(CHUNK, { ordinal: 5, timeMs: 1_700_000_000_000 });
  expect(key).toBe('CA1');
  expect(value).toEqual(new Uint8Array(160).fill(255));
  expect(headers).toEqual({
    ce_specversion: '1.0',
    ce_type: 'audio.chunk',
    ce_id: 'twilio-1/5',
    ce_source: '/undertone/feeds/twilio-1',
    ce_time: '2023-11-14T22:13:20.000Z',
    'content-type': 'application/octet-stream',
    tenant: 'acme',
    leg: 'customer',
    encoding: 'mulaw',
    rate: '8000',
    channels: '1',
    seq: '4',
    'offset-samples': '640',
  });
});

it('takes the source of a foreign producer as the id of its feed', () => {
  const { headers, ...rest } = encodeAudioRecord(CHUNK, { ordinal: 0 });
  const decoded = decodeAudioRecord(onBus({ ...rest, headers: { ...headers, ce_source: 'urn:acme:pbx:7' } }));
  expect(decoded.feedId).toBe('urn:acme:pbx:7');
});

describe('what can not be understood', () => {
  const spoil = (headers: Record<string, string>, value: Uint8Array | null = new Uint8Array(160)): string => {
    const encoded = encodeAudioRecord(CHUNK, { ordinal: 0 });
    try {
      decodeAudioRecord(onBus({ ...encoded, value, headers: { ...encoded.headers, ...headers } }));
    } catch (error) {
      if (error instanceof UndertoneError && error.code === 'UT_INGEST_BAD_RECORD') return error.message;
      throw error;
    }
    return 'was accepted';
  };

  it.each([
    [{ ce_type: 'call.begun' }, /audio\.v1\/3\/77 header ce_type: it says "call.begun", which is none of/],
    [{ leg: 'left' }, /header leg.*"left".*none of customer, agent, mixed/],
    [{ rate: '0' }, /header rate.*"0".*4000 to 192000/],
    [{ rate: '8e3' }, /header rate.*not a whole number/],
    [{ channels: '3' }, /header channels.*1 to 2/],
    [{ encoding: 'opus' }, /header encoding.*"opus"/],
    [{ seq: '-1' }, /header seq/],
    [{ 'offset-samples': '99999999999999999999' }, /header offset-samples/],
    [{ tenant: '' }, /header tenant: it is missing/],
    [{ ce_source: '/undertone/feeds/%' }, /header ce_source.*percent-encoded/],
    [{ encoding: 's16le', channels: '2' }, /was accepted/],
    [{ ce_type: 'call.ended' }, /77 value: it is not JSON/],
  ])('%j', (headers, message) => {
    expect(spoil(headers)).toMatch(message);
  });

  it('names the field of a wrong JSON value', () => {
    const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    expect(spoil({ ce_type: 'call.ended' }, json({ reason: 'bored' }))).toMatch(/77 value\.reason/);
    expect(spoil({ ce_type: 'audio.lost' }, json({ offsetMs: 0, durationMs: 1e12 }))).toMatch(
      /value\.durationMs/,
    );
    expect(spoil({ ce_type: 'voice.activity' }, json({ firstBlock: 0, voiced: '01x' }))).toMatch(
      /value\.voiced/,
    );
  });

  it('refuses tombstones and half samples', () => {
    expect(spoil({}, null)).toMatch(/value: it is a tombstone/);
    expect(spoil({ encoding: 's16le' }, new Uint8Array(161))).toMatch(/161 bytes, which is no multiple of 2/);
  });

  it('never fails in another way, whatever the headers and bytes', () => {
    const names = [
      'ce_type',
      'ce_source',
      'tenant',
      'leg',
      'encoding',
      'rate',
      'channels',
      'seq',
      'offset-samples',
    ];
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'audio.chunk',
        'call.started',
        'voice.activity',
        'customer',
        's16le',
        '8000',
        '1',
        '__proto__',
      ),
    );
    const headers = fc.dictionary(fc.constantFrom(...names), word);
    const value = fc.oneof(
      fc.uint8Array(),
      fc.json().map((json) => new TextEncoder().encode(json)),
    );
    fc.assert(
      fc.property(headers, value, (spoilt, bytes) => {
        expect(typeof spoil(spoilt, bytes)).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a record that nobody should believe', () => {
  const good = onBus(encodeAudioRecord(CHUNK, { ordinal: 1, timeMs: 0 }));
  const bytesFor = (seconds: number) => new Uint8Array(seconds * 8000);

  it.each([
    ['has an endless key', { key: 'k'.repeat(513) }, /key.*513 characters/],
    ['has an endless header', { headers: { ...good.headers, tenant: 't'.repeat(513) } }, /tenant.*513/],
    ['has no key', { key: '' }, /3\/77 key/],
    [
      'is dated in the future',
      { headers: { ...good.headers, ce_time: '1970-01-01T00:10:01Z' } },
      /601 s ahead/,
    ],
    ['has a time that is none', { headers: { ...good.headers, ce_time: 'soon' } }, /header ce_time/],
    ['holds more audio than may come at once', { value: bytesFor(31) }, /31000 ms of audio/],
  ])('is refused: it %s', (_, change, message) => {
    expect(() => decodeAudioRecord({ ...good, ...change })).toThrow(message);
  });

  it('is taken at the edge of what is believed', () => {
    const edge = { headers: { ...good.headers, ce_time: '1970-01-01T00:10:00Z' }, value: bytesFor(30) };
    expect(decodeAudioRecord({ ...good, ...edge }).type).toBe('audio.chunk');
  });
});
