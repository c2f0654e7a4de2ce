import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FeedEvent, type FeedStep, isFault } from './feed-event.js';
import { createTwilioParser } from './twilio.js';
import { TWILIO_TRACKS, type TwilioTrack } from './twilio-start.js';

const CONNECTED = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const START = {
  event: 'start',
  sequenceNumber: '1',
  streamSid: 'MZ0123456789abcdef0123456789abcdef',
  start: {
    streamSid: 'MZ0123456789abcdef0123456789abcdef',
    accountSid: 'AC00000000000000000000000000000001',
    callSid: 'CA00000000000000000000000000000002',
    tracks: ['inbound', 'outbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters: { tenant: 'acme', queue: 'billing' },
  },
};
const STOP = {
  event: 'stop',
  sequenceNumber: '52',
  streamSid: START.streamSid,
  stop: { callSid: START.start.callSid },
};

const media = (chunk: number | string, { track = 'inbound', bytes = 160, timestamp = '5' } = {}) => ({
  event: 'media',
  sequenceNumber: '3',
  streamSid: START.streamSid,
  media: { track, chunk: String(chunk), timestamp, payload: Buffer.alloc(bytes, 255).toString('base64') },
});

const startWith = (changes: object) => ({ ...START, start: { ...START.start, ...changes } });

/** The steps of a conversation, one a message. */
function converse(messages: readonly unknown[], customerTrack: TwilioTrack = 'inbound'): FeedStep[] {
  const parser = createTwilioParser({ customerTrack });
  return messages.map((message) =>
    parser.text(typeof message === 'string' ? message : JSON.stringify(message)),
  );
}

const last = (messages: readonly unknown[]): FeedStep => converse(messages).at(-1)!;
const heard = (steps: readonly FeedStep[]): FeedEvent[] =>
  steps
    .flatMap((step) => (isFault(step) ? [] : step))
    .map((event) => ('bytes' in event ? { ...event, bytes: Uint8Array.from(event.bytes) } : event));

const chunkOf = (leg: 'customer' | 'agent', bytes = 160) => ({
  type: 'audio',
  leg,
  bytes: new Uint8Array(bytes).fill(255),
});

it('understands a whole conversation', () => {
  const steps = converse([CONNECTED, START, media(1), media(1, { track: 'outbound' }), media(2), STOP]);
  expect(heard(steps)).toEqual([
    {
      type: 'start',
      callId: 'CA00000000000000000000000000000002',
      tenant: 'acme',
      queue: 'billing',
      notice: 'unknown',
      synthetic: false,
      live: true,
      legs: ['customer', 'agent'],
      encoding: 'mulaw',
      sampleRateHz: 8000,
    },
    chunkOf('customer'),
    chunkOf('agent'),
    chunkOf('customer'),
    { type: 'stop' },
  ]);
});

describe('which track is the customer', () => {
  const legs = (messages: unknown[], customerTrack?: TwilioTrack) =>
    heard(converse(messages, customerTrack)).flatMap((event) => (event.type === 'audio' ? [event.leg] : []));
  const both = [media(1), media(1, { track: 'outbound' })];

  it('is configured', () => {
    expect(legs([CONNECTED, START, ...both], 'outbound')).toEqual(['agent', 'customer']);
  });

  it('is said by a custom parameter, which goes first', () => {
    const start = startWith({ customParameters: { customerTrack: 'outbound' } });
    expect(legs([CONNECTED, start, ...both], 'inbound')).toEqual(['agent', 'customer']);
  });
});

it('reads notice and synthetic from the custom parameters', () => {
  const [, step] = converse([
    CONNECTED,
    startWith({ customParameters: { notice: 'given', synthetic: 'true' } }),
  ]);
  expect(step).toMatchObject([{ notice: 'given', synthetic: true }]);
});

describe('lost messages', () => {
  it('are found by a jump of the chunk numbers of one track', () => {
    const steps = converse([CONNECTED, START, media(1), media(1, { track: 'outbound' }), media(4)]);
    expect(heard(steps).slice(3)).toEqual([
      { type: 'lost', leg: 'customer', durationMs: 40 },
      chunkOf('customer'),
    ]);
  });

  it('are as long as the chunks of this sender', () => {
    const steps = converse([CONNECTED, START, media(1, { bytes: 640 }), media(3, { bytes: 640 })]);
    expect(heard(steps)[2]).toEqual({ type: 'lost', leg: 'customer', durationMs: 80 });
  });

  it('are not invented for timestamps that disagree with the audio, UUIDs as ids and sequence numbers from 2', () => {
    const uuid = '5f1c1a1e-9d1c-4a57-9a52-0a86b0f1a111';
    const start = { ...startWith({ callSid: uuid, streamSid: uuid }), streamSid: uuid, sequenceNumber: '2' };
    const chunks = [1, 2, 3, 4].map((chunk) => ({
      ...media(chunk, { bytes: 640, timestamp: String(20 * chunk) }),
      streamSid: uuid,
    }));
    expect(heard(converse([CONNECTED, start, ...chunks])).slice(1)).toEqual(
      Array(4).fill(chunkOf('customer', 640)),
    );
  });

  it.each([[7], [900_000_000], ['x'], [1]])(
    'are not invented for a first or odd chunk number (%s)',
    (chunk) => {
      const events = heard(converse([CONNECTED, START, media(2), media(chunk), media(chunk)]));
      const lost = events.filter((event) => event.type === 'lost');
      expect(lost).toEqual(chunk === 7 ? [{ type: 'lost', leg: 'customer', durationMs: 80 }] : []);
      expect(events.filter((event) => event.type === 'audio')).toHaveLength(3);
    },
  );
});

it('keeps no DTMF digit, and ignores marks, unknown events and whatever follows stop', () => {
  const dtmf = { event: 'dtmf', streamSid: START.streamSid, dtmf: { track: 'inbound_track', digit: '7' } };
  const events = heard(
    converse([CONNECTED, START, dtmf, { event: 'mark' }, { event: 'hold' }, STOP, media(9), STOP]),
  );
  expect(events.slice(1)).toEqual([
    { type: 'ignored', reason: 'dtmf' },
    { type: 'ignored', reason: 'mark' },
    { type: 'ignored', reason: 'unknown-event' },
    { type: 'stop' },
    { type: 'ignored', reason: 'after-stop' },
    { type: 'ignored', reason: 'after-stop' },
  ]);
  expect(JSON.stringify(events)).not.toContain('7');
});

describe('faults', () => {
  const badPayload = { ...media(1), media: { ...media(1).media, payload: '!!!!' } };
  it.each([
    ['media before start', [CONNECTED, media(1)], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['start before connected', [START], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['a second start', [CONNECTED, START, START], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['a start after stop', [CONNECTED, START, STOP, START], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['a second connected', [CONNECTED, CONNECTED], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    [
      'media of another stream',
      [CONNECTED, START, { ...media(1), streamSid: 'MZother' }],
      1008,
      'UT_INGEST_OUT_OF_ORDER',
    ],
    ['no JSON', ['{'], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['JSON that is no object', ['[1]'], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['no event', ['{}'], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['wrong base64', [CONNECTED, START, badPayload], 1007, 'UT_INGEST_BAD_BASE64'],
    ['no media', [CONNECTED, START, { event: 'media' }], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['an unknown track', [CONNECTED, START, media(1, { track: 'third' })], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['no call id', [CONNECTED, startWith({ callSid: undefined })], 1008, 'UT_INGEST_BAD_START'],
    ['no start', [CONNECTED, { event: 'start' }], 1008, 'UT_INGEST_BAD_START'],
    [
      'a tenant with a slash',
      [CONNECTED, startWith({ customParameters: { tenant: 'a/b' } })],
      1008,
      'UT_INGEST_BAD_START',
    ],
  ])('%s', (_, messages, closeCode, code) => {
    expect(last(messages)).toMatchObject({ closeCode, code });
  });

  it.each([
    { encoding: 'audio/x-alaw', sampleRate: 8000, channels: 1 },
    { encoding: 'audio/x-mulaw', sampleRate: 16000, channels: 1 },
    { encoding: 'audio/x-mulaw', sampleRate: '8000', channels: 2 },
    { encoding: 'audio/x-mulaw', sampleRate: 0, channels: 1 },
  ])('unsupported audio %j', (mediaFormat) => {
    expect(last([CONNECTED, startWith({ mediaFormat })])).toMatchObject({
      closeCode: 1003,
      code: 'UT_INGEST_UNSUPPORTED_AUDIO',
    });
  });

  it('a binary frame', () => {
    expect(createTwilioParser({ customerTrack: 'inbound' }).binary(new Uint8Array(160))).toMatchObject({
      closeCode: 1008,
      code: 'UT_INGEST_BINARY_FRAME',
    });
  });

  it('names the field of a wrong start', () => {
    const step = last([CONNECTED, startWith({ customParameters: { notice: 'yes' } })]);
    expect(step).toMatchObject({ message: expect.stringContaining('start.customParameters.notice') });
  });
});

it('takes numbers as numbers too', () => {
  const numbers = { ...media(1), media: { ...media(1).media, chunk: 1 } };
  const jump = { ...media(1), media: { ...media(1).media, chunk: 3 } };
  expect(heard(converse([CONNECTED, START, numbers, jump])).map((event) => event.type)).toEqual([
    'start',
    'audio',
    'lost',
    'audio',
  ]);
});

it('never throws, whatever is sent, and never says more than was heard', () => {
  const valid = fc.oneof(
    fc.constant<unknown>(CONNECTED),
    fc.constant<unknown>(START),
    fc.constant<unknown>(STOP),
    fc
      .record({ chunk: fc.nat(), track: fc.constantFrom(...TWILIO_TRACKS), bytes: fc.nat({ max: 400 }) })
      .map(({ chunk, ...rest }): unknown => media(chunk, rest)),
  );
  const mutated = fc
    .tuple(valid, fc.jsonValue(), fc.nat())
    .map(([message, junk, where]) => mutate(message, junk, where));
  const text = fc.oneof(
    { weight: 4, arbitrary: valid.map((message) => JSON.stringify(message)) },
    { weight: 4, arbitrary: mutated.map((message) => JSON.stringify(message)) },
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), fc.boolean(), (texts, greeted) => {
      const messages = greeted ? [CONNECTED, START, ...texts] : texts;
      for (const step of converse(messages)) {
        if (isFault(step)) {
          expect(step.message).not.toBe('');
          return;
        }
        for (const event of step)
          if (event.type === 'lost') expect(event.durationMs).toBeLessThanOrEqual(600_000);
      }
    }),
    { numRuns: 500 },
  );
});

/** Replaces the value at one place of a message by junk. */
function mutate(message: unknown, junk: unknown, where: number): unknown {
  if (typeof message !== 'object' || message === null || where === 0) return junk;
  const keys = Object.keys(message);
  const key = keys[where % keys.length]!;
  return {
    ...message,
    [key]: mutate((message as Record<string, unknown>)[key], junk, Math.floor(where / keys.length)),
  };
}
