import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSamples, ENCODINGS, encodeG711 } from '../audio/index.js';
import type { FeedEvent, FeedParser } from '../ingest/telephony/feed-event.js';
import { isFault } from '../ingest/telephony/feed-event.js';
import { createGenericParser } from '../ingest/telephony/generic.js';
import { createTwilioParser } from '../ingest/telephony/twilio.js';
import { encodeSamples } from './encode-samples.js';
import type { CallDescription, Framing, Recording } from './framing.js';
import { genericFraming } from './generic-framing.js';
import { twilioFraming } from './twilio-framing.js';

const CALL: CallDescription = {
  callId: 'c-1',
  tenant: 'acme',
  queue: 'q',
  notice: 'given',
  synthetic: true,
  live: true,
};

const tone = (samples: number, scale: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, n) => Math.fround(scale * Math.sin(n / 7)));

const stereo: Recording = {
  legs: ['customer', 'agent'],
  channels: [tone(1234, 0.5), tone(1234, 0.25)],
  sampleRateHz: 8000,
};

/** What the gateway's own parser understands of all that is sent. */
function understood(framing: Framing, parser: FeedParser): FeedEvent[] {
  const frames = [...framing.frames(CALL)].flatMap(({ messages }) => messages);
  return [...framing.opening(CALL), ...frames, ...framing.closing(CALL)].flatMap((message) => {
    const step = typeof message === 'string' ? parser.text(message) : parser.binary(message);
    if (isFault(step)) throw new Error(step.message);
    return [...step];
  });
}

function audioOf(events: readonly FeedEvent[], leg: string): Uint8Array {
  return Uint8Array.from(
    events.flatMap((event) => (event.type === 'audio' && event.leg === leg ? [...event.bytes] : [])),
  );
}

describe('Twilio framing', () => {
  const framing = twilioFraming(stereo, 'a.wav');

  it('is understood as the same audio, without loss', () => {
    const events = understood(framing, createTwilioParser({ customerTrack: 'outbound' }));
    expect(events[0]).toMatchObject({
      type: 'start',
      callId: 'c-1',
      tenant: 'acme',
      notice: 'given',
      synthetic: true,
    });
    expect(audioOf(events, 'customer')).toEqual(encodeG711('mulaw', stereo.channels[0]!));
    expect(audioOf(events, 'agent')).toEqual(encodeG711('mulaw', stereo.channels[1]!));
    expect(events.at(-1)).toEqual({ type: 'stop' });
    expect(events.filter(({ type }) => type === 'lost' || type === 'ignored')).toEqual([]);
  });

  it('sends both tracks each 20 ms', () => {
    const frames = [...framing.frames(CALL)];
    expect(frames.map(({ endMs }) => endMs)).toEqual([20, 40, 60, 80, 100, 120, 140, 160]);
    expect(frames[0]!.messages.map((message) => JSON.parse(message as string))).toMatchObject([
      { event: 'media', sequenceNumber: '2', media: { track: 'inbound', chunk: '1', timestamp: '0' } },
      { event: 'media', sequenceNumber: '3', media: { track: 'outbound', chunk: '1', timestamp: '0' } },
    ]);
  });

  it('brings other rates down to 8 kHz', () => {
    const wide = { ...stereo, sampleRateHz: 16_000, channels: [tone(3200, 0.5), tone(3200, 0.5)] };
    const events = understood(twilioFraming(wide, 'a.wav'), createTwilioParser({ customerTrack: 'inbound' }));
    expect(audioOf(events, 'customer')).toHaveLength(1600);
  });

  it('has no track for a mixed leg', () => {
    const mixed: Recording = { legs: ['mixed'], channels: [tone(160, 1)], sampleRateHz: 8000 };
    expect(() => twilioFraming(mixed, 'a.wav')).toThrow(/UT_CLI_REPLAY_OPTION.*a\.wav.*mixed/);
  });
});

describe('generic framing', () => {
  it('is understood as the same audio in every encoding and however it is cut', () => {
    const scenario = fc.record({
      encoding: fc.constantFrom(...ENCODINGS),
      randomChunks: fc.option(fc.record({ seed: fc.integer(), maxBytes: fc.integer({ min: 1, max: 999 }) }), {
        nil: undefined,
      }),
      sampleRateHz: fc.constantFrom(8000, 11_025, 44_100),
    });
    fc.assert(
      fc.property(scenario, ({ encoding, randomChunks, sampleRateHz }) => {
        const framing = genericFraming({ ...stereo, sampleRateHz }, { encoding, randomChunks });
        const events = understood(framing, createGenericParser());
        expect(events[0]).toMatchObject({
          encoding,
          sampleRateHz,
          legs: stereo.legs,
          queue: 'q',
          live: true,
        });
        stereo.legs.forEach((leg, channel) => {
          expect(audioOf(events, leg)).toEqual(encodeSamples(encoding, stereo.channels[channel]!));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('cuts the same for the same seed', () => {
    const sizes = (seed: number) =>
      [
        ...genericFraming(stereo, { encoding: 's16le', randomChunks: { seed, maxBytes: 700 } }).frames(CALL),
      ].map(({ messages }) => messages[0]!.length);
    expect(sizes(1)).toEqual(sizes(1));
    expect(sizes(1)).not.toEqual(sizes(2));
  });

  it('sends 20 ms a message, on average where a rate does not divide', () => {
    const framing = genericFraming({ ...stereo, sampleRateHz: 11_025 }, { encoding: 's16le' });
    const frames = [...framing.frames(CALL)];
    expect(frames.slice(0, 3).map(({ messages }) => messages[0]!.length / 4)).toEqual([221, 220, 221]);
    expect(frames.at(-1)!.endMs).toBeCloseTo(1234 / 11.025, 9);
  });
});

it('encodes what decodeSamples gives back', () => {
  const samples = Float32Array.of(-1, -0.5, 0, 0.25, 0.5, 32767 / 32768);
  for (const encoding of ENCODINGS.filter((name) => !name.endsWith('law'))) {
    const out = new Float32Array(samples.length);
    decodeSamples(encoding, encodeSamples(encoding, samples), out);
    expect(out).toEqual(samples);
  }
});
