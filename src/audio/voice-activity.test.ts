import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_VOICE_ACTIVITY, VOICE_BLOCK_MS, VoiceActivity } from './voice-activity.js';

interface Heard {
  readonly block: number;
  readonly voiced: boolean;
  readonly rmsDbfs: number;
}

function hear(samples: Float32Array, rateHz = 8000, cuts: readonly number[] = [], firstSample = 0): Heard[] {
  const gate = new VoiceActivity(rateHz, DEFAULT_VOICE_ACTIVITY, firstSample);
  const heard: Heard[] = [];
  let at = 0;
  for (const cut of [...cuts, samples.length]) {
    const until = Math.min(at + cut, samples.length);
    gate.push(samples.subarray(at, until), (block, voiced, rmsDbfs) =>
      heard.push({ block, voiced, rmsDbfs }),
    );
    at = until;
  }
  return heard;
}

function voicedShare(heard: readonly Heard[]): number {
  return heard.filter(({ voiced }) => voiced).length / heard.length;
}

const amplitudeOf = (dbfs: number) => 10 ** (dbfs / 20);

/** White noise of a level (RMS), the same for a seed. */
function noise(dbfs: number, seconds: number, rateHz = 8000, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return amplitudeOf(dbfs) * Math.sqrt(3) * (state / 2 ** 31 - 1);
  });
}

/** Syllables like speech: a 140 Hz buzz of 12 harmonics, 4 times a second loud for 170 ms and silent for 80 ms. */
function speech(dbfs: number, seconds: number, rateHz = 8000): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, i) => {
    const seconds = i / rateHz;
    const phase = (seconds * 4) % 1;
    const envelope = phase < 0.68 ? Math.sin((Math.PI * phase) / 0.68) : 0;
    let buzz = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic++) {
      buzz += Math.sin(2 * Math.PI * 140 * harmonic * seconds + harmonic * harmonic) / harmonic;
    }
    return amplitudeOf(dbfs) * envelope * buzz;
  });
}

function sum(...signals: readonly Float32Array[]): Float32Array {
  return signals[0]!.map((_, i) => signals.reduce((total, signal) => total + signal[i]!, 0));
}

function join(...signals: readonly Float32Array[]): Float32Array {
  return Float32Array.from(signals.flatMap((signal) => [...signal]));
}

describe('what is no speech', () => {
  it('digital silence', () => {
    const heard = hear(new Float32Array(8000));
    expect(voicedShare(heard)).toBe(0);
    expect(heard[0]!.rmsDbfs).toBe(-120);
  });

  it.each([-70, -50, -30, -15])('line noise at %d dBFS', (dbfs) => {
    expect(voicedShare(hear(noise(dbfs, 5)))).toBe(0);
  });

  it.each([50, 60])('a loud hum of %d Hz', (hz) => {
    const hum = Float32Array.from({ length: 40000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / 8000));
    expect(voicedShare(hear(hum))).toBe(0);
  });

  it('a constant offset', () => {
    expect(voicedShare(hear(new Float32Array(40000).fill(0.2)))).toBe(0);
  });

  it('a noise that sets in suddenly, once it has lasted two seconds', () => {
    const heard = hear(join(noise(-60, 3), noise(-35, 5)));
    expect(voicedShare(heard.slice(0, 187))).toBe(0);
    expect(voicedShare(heard.slice(Math.ceil(5300 / VOICE_BLOCK_MS)))).toBe(0);
  });

  it('a click every half second', () => {
    const clicks = noise(-60, 5);
    for (let at = 2000; at < clicks.length; at += 4000) clicks.fill(0.5, at, at + 160);
    expect(voicedShare(hear(clicks))).toBe(0);
  });
});

describe('what is speech', () => {
  it.each([-45, -30, -15, -3])('syllables at %d dBFS over line noise at −60', (dbfs) => {
    expect(voicedShare(hear(sum(speech(dbfs, 6), noise(-60, 6))))).toBeGreaterThan(0.85);
  });

  it.each([-50, -40])('syllables 20 dB above noise at %d dBFS', (dbfs) => {
    expect(voicedShare(hear(sum(speech(dbfs + 20, 6), noise(dbfs, 6))))).toBeGreaterThan(0.8);
  });

  it('syllables over a hum', () => {
    const hum = Float32Array.from(
      { length: 48000 },
      (_, i) => 0.05 * Math.sin((2 * Math.PI * 50 * i) / 8000),
    );
    expect(voicedShare(hear(sum(speech(-25, 6), hum)))).toBeGreaterThan(0.85);
  });

  it('ends within the hangover', () => {
    const heard = hear(join(noise(-60, 1), sum(speech(-20, 2), noise(-60, 2)), noise(-60, 2)));
    const last = heard.findLast(({ voiced }) => voiced)!;
    expect(last.block * VOICE_BLOCK_MS).toBeGreaterThan(2900);
    expect(last.block * VOICE_BLOCK_MS).toBeLessThan(3200);
  });

  it('is found alike at every rate', () => {
    const shares = [8000, 16000, 22050, 48000].map((rateHz) =>
      voicedShare(hear(sum(speech(-30, 4, rateHz), noise(-60, 4, rateHz)), rateHz)),
    );
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(0.06);
  });
});

describe('blocks', () => {
  it.each([8000, 22050, 44100])('at %d Hz lie 16 ms apart for hours and are counted from 0', (rateHz) => {
    const heard = hear(noise(-40, 10, rateHz), rateHz);
    expect(heard.map(({ block }) => block)).toEqual(heard.map((_, i) => i));
    expect(heard.length).toBe(625);
  });

  it('state the level as it was heard', () => {
    const sine = Float32Array.from(
      { length: 8000 },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 8000),
    );
    for (const { rmsDbfs } of hear(sine)) expect(rmsDbfs).toBeCloseTo(-9.03, 2);
  });

  it('do not depend on how the input is cut', () => {
    const signal = sum(speech(-25, 3), noise(-55, 3));
    const cuts = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 30 });
    const rates = fc.constantFrom(8000, 16000, 22050, 44100);
    const property = fc.property(cuts, rates, (lengths, rateHz) => {
      expect(hear(signal, rateHz, lengths)).toEqual(hear(signal, rateHz));
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('depend on the last memoryMs only', () => {
    const { memoryMs } = new VoiceActivity(8000);
    const memory = memoryMs / VOICE_BLOCK_MS;
    const tail = sum(speech(-32, 8), noise(-50, 8));
    const property = fc.property(fc.integer({ min: -60, max: -5 }), fc.nat({ max: 1000 }), (dbfs, seed) => {
      const past = sum(speech(dbfs, 8), noise(dbfs - 10, 8, 8000, seed));
      const long = hear(join(past, tail)).slice(500 + memory);
      expect(long.length).toBeGreaterThan(100);
      expect(long.map(({ voiced }) => voiced)).toEqual(
        hear(tail)
          .slice(memory)
          .map(({ voiced }) => voiced),
      );
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('lie at the same instants wherever the gate begins, and say the same once its memory is full', () => {
    const memory = new VoiceActivity(22_050).memoryMs / VOICE_BLOCK_MS;
    const signal = sum(speech(-25, 8, 22_050), noise(-50, 8, 22_050));
    const whole = hear(signal, 22_050);
    fc.assert(
      fc.property(fc.nat({ max: 60_000 }), (firstSample) => {
        const late = hear(signal.subarray(firstSample), 22_050, [], firstSample);
        const firstBlock = late[0]!.block;
        expect(Math.floor(firstBlock * 352.8)).toBeGreaterThanOrEqual(firstSample);
        expect(Math.floor((firstBlock - 1) * 352.8)).toBeLessThan(firstSample);
        expect(late.map(({ rmsDbfs }) => rmsDbfs)).toEqual(
          whole.slice(firstBlock).map(({ rmsDbfs }) => rmsDbfs),
        );
        expect(late.slice(memory)).toEqual(whole.slice(firstBlock + memory));
      }),
      { numRuns: 20 },
    );
  });
});
