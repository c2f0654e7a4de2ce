import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LegRecord, ListenedLeg } from '../../test/support/leg-bench.js';
import { type Encoding, encodeG711, VoiceActivity } from '../audio/index.js';
import { DEFAULT_FRONT_END, type FrontEnd, WindowStream } from '../features/index.js';
import type { AudioChunk } from '../ingest/index.js';
import { type LegState, NO_REPLAY } from './leg-state.js';

const WIDE_FRONT_END: FrontEnd = {
  ...DEFAULT_FRONT_END,
  sampleRateHz: 22_050,
  nFft: 1024,
  winLength: 1024,
  hopLength: 512,
  center: true,
  nMels: 32,
  windowFrames: 64,
  windowHopFrames: 16,
  fMaxHz: 11_025,
};

/**
 * What a voice gate needs its whole memory for: syllables of changing level over noise of changing level, in turns
 * with noise that is speech to it for three seconds after each dip: two while the dip is its background, and one in
 * which the run fades.
 */
function signal(rateHz: number, fromSample: number, count: number): Float32Array {
  const made = signals.get(rateHz) ?? Float32Array.from({ length: 30 * rateHz }, (_, n) => sample(n, rateHz));
  signals.set(rateHz, made);
  return Float32Array.from({ length: count }, (_, i) => made[(fromSample + i) % made.length]!);
}

const signals = new Map<number, Float32Array>();

function sample(n: number, rateHz: number): number {
  const seconds = n / rateHz;
  const hiss = Math.sin(n * n * 0.37);
  if (seconds % 20 > 5) return hiss * amplitudeOf(levelAfterDip(seconds % 5.4));
  const level = -12 - ((Math.floor(seconds * 3) * 7919) % 37);
  const sounding = (seconds * 3) % 1 < 0.7 ? amplitudeOf(level) : 0;
  const background = amplitudeOf(-70 + ((Math.floor(seconds / 1.7) * 31) % 30));
  return sounding * Math.sin(1300 * seconds) * Math.sin(91 * seconds) + background * hiss;
}

const levelAfterDip = (seconds: number) => (seconds < 0.1 ? -70 : seconds < 1 ? -37 : -30);
const amplitudeOf = (dbfs: number) => 10 ** (dbfs / 20);

function encode(encoding: Encoding, samples: Float32Array): Uint8Array {
  if (encoding === 'mulaw') return encodeG711('mulaw', samples);
  if (encoding === 's16le') return new Uint8Array(Int16Array.from(samples, (x) => x * 32_767).buffer);
  return new Uint8Array(samples.slice().buffer);
}

function chunkAt(sampleRateHz: number, offsetSamples: number, samples: Float32Array): AudioChunk {
  const encoding = sampleRateHz === 8000 ? 'mulaw' : sampleRateHz === 48_000 ? 'f32le' : 's16le';
  return {
    ...{ type: 'audio.chunk', callId: 'c', tenant: 't', feedId: 'f', leg: 'customer', seq: 0, channels: 1 },
    ...{ encoding, sampleRateHz, offsetSamples, bytes: encode(encoding, samples) },
  };
}

const NUM_RUNS = 15;
const RATES_HZ = [8000, 16_000, 22_050, 44_100, 48_000] as const;
const ms = (min: number, max: number) => fc.integer({ min, max });
const step = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ kind: fc.constant('talk'), durationMs: ms(500, 4500), each: ms(13, 400) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gap'), durationMs: ms(0, 3000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost'), durationMs: ms(0, 3000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause', 'held'),
      durationMs: fc.constantFrom(0, 37, 2000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat'), durationMs: ms(1, 900) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rate'),
      durationMs: fc.constant(0),
      rateHz: fc.constantFrom(...RATES_HZ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('overload', 'broken', 'far'), durationMs: fc.constant(60) }),
  },
);
type Step = {
  readonly kind: string;
  readonly durationMs: number;
  readonly each?: number;
  readonly rateHz?: number;
};

/** The log of one leg; offsets have holes, where other legs' records stand. */
class Feed {
  readonly records: LegRecord[] = [];
  #rateHz: number;
  #next = 0;

  constructor(rateHz: number, steps: readonly Step[]) {
    this.#rateHz = rateHz;
    for (const each of steps) this.#add(each);
  }

  #add({ kind, durationMs, each = durationMs, rateHz = this.#rateHz }: Step): void {
    const samples = Math.round((durationMs * this.#rateHz) / 1000);
    if (kind === 'talk') for (let at = 0; at < durationMs; at += each) this.#talk(each);
    if (kind === 'overload') this.#talk(durationMs, true);
    if (kind === 'repeat') this.#chunk(Math.max(0, this.#next - samples), Math.min(samples, this.#next));
    if (kind === 'far') this.#chunk(this.#next + 100 * this.#rateHz, 10);
    if (kind === 'broken') this.#push({ kind: 'chunk', skipDue: false, chunk: brokenChunk(this.#next) });
    if (kind === 'lost') {
      this.#push({ kind: 'lost', offsetMs: (this.#next * 1000) / this.#rateHz, durationMs });
    }
    if (kind === 'held') this.#push({ kind: 'suspend' });
    if (kind === 'pause' || kind === 'held') this.#push({ kind: 'pause', durationMs });
    if (['gap', 'lost', 'pause', 'held'].includes(kind)) this.#next += samples;
    this.#next = Math.round((this.#next * rateHz) / this.#rateHz);
    this.#rateHz = rateHz;
  }

  #talk(durationMs: number, skipDue = false): void {
    const samples = Math.round((durationMs * this.#rateHz) / 1000);
    this.#chunk(this.#next, samples, skipDue);
    this.#next += samples;
  }

  #chunk(offsetSamples: number, samples: number, skipDue = false): void {
    const chunk = chunkAt(this.#rateHz, offsetSamples, signal(this.#rateHz, offsetSamples, samples));
    this.#push({ kind: 'chunk', chunk, skipDue });
  }

  #push(record: { readonly kind: string } & Record<string, unknown>): void {
    this.records.push({ ...record, offset: 5 + this.records.length * 3 } as unknown as LegRecord);
  }
}

const brokenChunk = (next: number) => chunkAt(48_000, next, Float32Array.of(0.1, Number.NaN));

/** Another worker rebuilds the leg from its state and the log up to `through`, the state's last record. */
function takeOver(frontEnd: FrontEnd, from: ListenedLeg, records: readonly LegRecord[]): ListenedLeg {
  const state = JSON.parse(JSON.stringify(from.leg.state())) as LegState;
  const next = new ListenedLeg(frontEnd, state);
  const again = records.filter(({ offset }) => offset >= state.replay.offset);
  for (const record of again) next.take(record);
  expect(next.leg.replayFrom).toBe(from.leg.replayFrom);
  expect(next.announced.filter((told) => !/^(new|refused)/.test(told))).toEqual([]);
  next.announced.length = 0;
  expect(next.leg.takeUp()).toBe(true);
  return next;
}

/** What is announced when the leg changes hands after each of the `cuts`, and how. */
function play(frontEnd: FrontEnd, records: readonly LegRecord[], cuts: readonly number[]): string[] {
  const announced: string[] = [];
  let leg = new ListenedLeg(frontEnd, undefined, 300);
  for (const [i, record] of records.entries()) {
    leg.take(record);
    if (!cuts.includes(i)) continue;
    announced.push(...leg.announced);
    leg = takeOver(frontEnd, leg, records.slice(0, i + 1));
  }
  leg.leg.end();
  return [...announced, ...leg.announced];
}

const feed = fc
  .tuple(fc.constantFrom(...RATES_HZ), fc.array(step, { minLength: 3, maxLength: 10 }))
  .map(([rateHz, steps]) => new Feed(rateHz, steps as Step[]).records);

const talk = (durationMs: number): Step => ({ kind: 'talk', durationMs, each: 20 });

function heard(rateHz: number, steps: readonly Step[], frontEnd = DEFAULT_FRONT_END): ListenedLeg {
  const listened = new ListenedLeg(frontEnd);
  for (const record of new Feed(rateHz, steps).records) listened.take(record);
  return listened;
}

describe('a leg that is taken over', () => {
  it.each([
    ['8 kHz', DEFAULT_FRONT_END],
    ['22.05 kHz, centred', WIDE_FRONT_END],
  ])('announces to the bit what it would have announced where it was (%s)', (_, frontEnd) => {
    const property = fc.property(feed, ms(0, 999), ms(0, 30), (records, share, later) => {
      const cut = Math.floor((share / 1000) * records.length);
      expect(play(frontEnd, records, [cut, cut + later])).toEqual(play(frontEnd, records, []));
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  it.each([
    ['8 kHz', DEFAULT_FRONT_END],
    ['22.05 kHz, centred', WIDE_FRONT_END],
  ])('does so after each of its records, before and after a hole (%s)', (_, frontEnd) => {
    const spoken = { kind: 'talk', durationMs: 17_000, each: 90 };
    const hole = { kind: 'gap', durationMs: 1000 };
    const { records } = new Feed(16_000, [spoken, hole, { ...spoken, durationMs: 6000, each: 300 }]);
    expect(play(frontEnd, records, [...records.keys()])).toEqual(play(frontEnd, records, []));
  });

  it.each([
    [8000, DEFAULT_FRONT_END],
    [48_000, DEFAULT_FRONT_END],
    [16_000, WIDE_FRONT_END],
  ])(
    'needs less than a second beyond a window and the memory of the voice gate (%i Hz)',
    (rateHz, frontEnd) => {
      const listened = new ListenedLeg(frontEnd);
      const boundMs = new WindowStream(frontEnd).endMs(0) + new VoiceActivity(8000).memoryMs + 1000;
      const backMs = new Feed(rateHz, [talk(20_000)]).records.map((record) => {
        listened.take(record);
        const { replay, position } = listened.leg.state();
        return ((position - replay.position) * 1000) / frontEnd.sampleRateHz;
      });
      expect(Math.max(...backMs)).toBeLessThan(boundMs);
      expect(Math.min(...backMs.slice(-500))).toBeGreaterThan(boundMs - 2000);
    },
  );

  it('needs nothing of what lies before a hole', () => {
    expect(heard(16_000, []).leg.replayFrom).toBe(NO_REPLAY);
    for (const kind of ['lost', 'pause', 'held']) {
      const hole = { kind, durationMs: 500 };
      expect(heard(16_000, [talk(3000), hole]).leg.replayFrom).toBe(NO_REPLAY);
      const { records } = new Feed(16_000, [talk(3000), hole, talk(100)]);
      expect(heard(16_000, [talk(3000), hole, talk(100)]).leg.replayFrom).toBe(records.at(-5)!.offset);
    }
  });

  it('is still what its state says as long as it rehearses', () => {
    const state = heard(8000, [talk(7000)]).leg.state();
    const { leg } = new ListenedLeg(DEFAULT_FRONT_END, state);
    expect(leg.state()).toEqual(state);
    expect(leg.replayFrom).toBe(state.replay.offset);
  });

  it.each([8000, 48_000])('begins anew where the log no longer holds the audio (%i Hz)', (rateHz) => {
    const { records } = new Feed(rateHz, [talk(7000), talk(6000)]);
    const before = heard(rateHz, [talk(7000)]);
    const { replay, position, nextWindow } = before.leg.state();
    const after = new ListenedLeg(DEFAULT_FRONT_END, before.leg.state());
    for (const record of records.slice(200, 350)) if (record.offset > replay.offset) after.take(record);
    expect(after.leg.takeUp()).toBe(false);
    expect(after.leg.replayFrom).toBe(NO_REPLAY);
    for (const record of records.slice(350)) after.take(record);
    after.leg.end();
    const events = after.announced
      .filter((told) => /^(window|hole)/.test(told))
      .map((told) => told.split(': ')[0]);
    expect(events.slice(0, 2)).toEqual(['hole', 'window']);
    const hole = JSON.parse(after.announced.find((told) => told.startsWith('hole'))!.slice(6));
    expect(hole).toMatchObject({ reason: 'gap', fromWindowIndex: nextWindow });
    expect(hole.toWindowIndex).toBe(Math.ceil(position / 4096) - 1);
  });
});
