import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_PER_SAMPLE, ENCODINGS } from '../../audio/index.js';
import { type FeedEvent, type FeedStep, isFault } from './feed-event.js';
import { createGenericParser } from './generic.js';

const START = {
  event: 'start',
  callId: 'c-1',
  sampleRate: 8000,
  channels: 1,
  encoding: 's16le',
  legs: ['customer'],
};
const STEREO = { ...START, channels: 2, legs: ['customer', 'agent'] };

function converse(messages: readonly (object | string)[]): FeedStep[] {
  const parser = createGenericParser();
  return messages.map((message) => {
    if (message instanceof Uint8Array) return parser.binary(message);
    return parser.text(typeof message === 'string' ? message : JSON.stringify(message));
  });
}

const heard = (messages: readonly (object | string)[]): FeedEvent[] =>
  converse(messages).flatMap((step) => (isFault(step) ? [] : step));
const last = (messages: readonly (object | string)[]): FeedStep => converse(messages).at(-1)!;
const audioOf = (events: readonly FeedEvent[], leg: string): number[] =>
  events.flatMap((event) => (event.type === 'audio' && event.leg === leg ? [...event.bytes] : []));

it('understands a whole conversation', () => {
  const audio = Uint8Array.of(1, 2, 3, 4);
  const start = {
    ...START,
    tenant: 'acme',
    queue: 'Kündigung 2',
    notice: 'given',
    synthetic: true,
    live: false,
  };
  expect(heard([start, audio, { event: 'lost', durationMs: 250 }, { event: 'stop' }])).toEqual([
    {
      type: 'start',
      callId: 'c-1',
      tenant: 'acme',
      queue: 'Kündigung 2',
      notice: 'given',
      synthetic: true,
      live: false,
      legs: ['customer'],
      encoding: 's16le',
      sampleRateHz: 8000,
    },
    { type: 'audio', leg: 'customer', bytes: audio },
    { type: 'lost', leg: 'customer', durationMs: 250 },
    { type: 'stop' },
  ]);
});

it('takes stereo apart into legs', () => {
  const events = heard([STEREO, Uint8Array.of(1, 2, 11, 12, 3, 4, 13, 14)]);
  expect(audioOf(events, 'customer')).toEqual([1, 2, 3, 4]);
  expect(audioOf(events, 'agent')).toEqual([11, 12, 13, 14]);
});

it('gives the same audio however the bytes are cut, always in whole samples', () => {
  const scenario = fc.record({
    encoding: fc.constantFrom(...ENCODINGS),
    channels: fc.constantFrom(1, 2),
    // Small bytes, so that floats made of them are numbers of audio.
    cuts: fc.array(fc.uint8Array({ max: 0x3f, maxLength: 40 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scenario, ({ encoding, channels, cuts }) => {
      const legs = channels === 1 ? ['customer'] : ['customer', 'agent'];
      const start = { ...START, encoding, channels, legs };
      const inPieces = heard([start, ...cuts]);
      const atOnce = heard([start, Uint8Array.from(cuts.flatMap((cut) => [...cut]))]);
      for (const leg of legs) expect(audioOf(inPieces, leg)).toEqual(audioOf(atOnce, leg));
      for (const event of inPieces) {
        if (event.type === 'audio') expect(event.bytes.length % BYTES_PER_SAMPLE[encoding]).toBe(0);
      }
    }),
  );
});

describe('pauses', () => {
  const PAUSE = { event: 'pause' };
  const RESUME = { event: 'resume' };
  const tail = (messages: (object | string)[]) => heard([START, ...messages]).slice(1);

  it('last as long as the sender says', () => {
    expect(tail([PAUSE, { ...RESUME, durationMs: 1500 }])).toEqual([
      { type: 'pause' },
      { type: 'resume', durationMs: 1500 },
    ]);
  });

  it('drop audio that comes all the same, and last as long as it', () => {
    expect(tail([PAUSE, new Uint8Array(321), RESUME, Uint8Array.of(9, 8, 7)])).toEqual([
      { type: 'pause' },
      { type: 'ignored', reason: 'audio-in-pause' },
      { type: 'resume', durationMs: 20 },
      { type: 'audio', leg: 'customer', bytes: Uint8Array.of(0, 9, 8, 7) },
    ]);
  });

  it('are of no length where nothing came and nothing was said', () => {
    expect(tail([PAUSE, PAUSE, RESUME, RESUME])).toEqual([
      { type: 'pause' },
      { type: 'ignored', reason: 'repeated' },
      { type: 'resume', durationMs: 0 },
      { type: 'resume', durationMs: 0 },
    ]);
  });

  it('do not lengthen a later resume by audio of an earlier pause', () => {
    const [, , first, second] = tail([PAUSE, new Uint8Array(320), RESUME, RESUME]);
    expect([first, second]).toEqual([
      { type: 'resume', durationMs: 20 },
      { type: 'resume', durationMs: 0 },
    ]);
  });
});

describe('faults', () => {
  const audio = new Uint8Array(4);
  it.each<[string, (object | string)[], number, string]>([
    ['audio before start', [audio], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['stop before start', [{ event: 'stop' }], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['a second start', [START, START], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['a start after stop', [START, { event: 'stop' }, START], 1008, 'UT_INGEST_OUT_OF_ORDER'],
    ['an unknown event', [START, { event: 'begin' }], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['text that is not JSON', ['hello'], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['a loss of no length', [START, { event: 'lost' }], 1007, 'UT_INGEST_BAD_MESSAGE'],
    ['a loss of an hour', [START, { event: 'lost', durationMs: 3_600_000 }], 1007, 'UT_INGEST_BAD_MESSAGE'],
    [
      'a pause of negative length',
      [START, { event: 'pause' }, { event: 'resume', durationMs: -1 }],
      1007,
      'UT_INGEST_BAD_MESSAGE',
    ],
    [
      'NaN',
      [{ ...START, encoding: 'f32le' }, Uint8Array.of(0, 0, 0, 0, 0, 0, 0xc0, 0x7f)],
      1007,
      'UT_AUDIO_NOT_FINITE',
    ],
    ['0 Hz', [{ ...START, sampleRate: 0 }], 1003, 'UT_INGEST_UNSUPPORTED_AUDIO'],
    ['three channels', [{ ...START, channels: 3 }], 1003, 'UT_INGEST_UNSUPPORTED_AUDIO'],
    ['an unknown codec', [{ ...START, encoding: 'opus' }], 1003, 'UT_INGEST_UNSUPPORTED_AUDIO'],
    ['no call id', [{ ...START, callId: '' }], 1008, 'UT_INGEST_BAD_START'],
    ['more legs than channels', [{ ...START, legs: ['customer', 'agent'] }], 1008, 'UT_INGEST_BAD_START'],
    ['a leg twice', [{ ...STEREO, legs: ['agent', 'agent'] }], 1008, 'UT_INGEST_BAD_START'],
    ['an unknown leg', [{ ...START, legs: ['left'] }], 1008, 'UT_INGEST_BAD_START'],
  ])('%s', (_, messages, closeCode, code) => {
    expect(last(messages)).toMatchObject({ closeCode, code });
  });

  it('names what is wrong', () => {
    expect(last([{ ...START, encoding: 'opus' }])).toMatchObject({
      message: expect.stringMatching(/encoding.*mulaw/),
    });
    expect(last([{ ...START, legs: ['left'] }])).toMatchObject({
      message: expect.stringMatching(/legs\.0.*mixed/),
    });
  });
});

it('ignores what follows stop', () => {
  const events = heard([START, { event: 'stop' }, new Uint8Array(4), { event: 'pause' }]);
  expect(events.slice(2)).toEqual(Array(2).fill({ type: 'ignored', reason: 'after-stop' }));
});

it('never throws, whatever is sent', () => {
  const event = fc.constantFrom('start', 'pause', 'resume', 'lost', 'stop', 'other');
  const field = fc.constantFrom(...Object.keys(START), 'durationMs', 'live', 'tenant', 'queue', 'notice');
  const mutatedStart = fc
    .tuple(fc.constantFrom(START, STEREO), field, fc.jsonValue())
    .map(([start, key, junk]) => {
      return { ...start, [key]: junk } as object;
    });
  const message: fc.Arbitrary<object | string> = fc.oneof(
    fc.constantFrom<object>(START, STEREO),
    mutatedStart,
    fc.record({ event, durationMs: fc.jsonValue() }),
    fc.uint8Array({ maxLength: 64 }),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), fc.boolean(), (messages, started) => {
      for (const step of converse(started ? [STEREO, ...messages] : messages)) {
        if (isFault(step)) {
          expect(step.message).not.toBe('');
          return;
        }
      }
    }),
    { numRuns: 500 },
  );
});
