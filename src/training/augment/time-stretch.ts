/** Length of a grain and how far a grain may move to fit, in seconds: longer than a period of any voice. */
const GRAIN_SECONDS = 0.032;
const SEARCH_SECONDS = 0.008;

/**
 * Changes the tempo and keeps the pitch, by WSOLA (Verhelst & Roelands 1993): grains with half overlap, each moved to
 * where it continues the one before best.
 *
 * @param factor length of the result over the length of the input
 * @returns Float32Array [round(samples.length · factor)]
 */
export function stretchTime(samples: Float32Array, factor: number, sampleRateHz: number): Float32Array {
  const half = Math.round((GRAIN_SECONDS * sampleRateHz) / 2);
  const search = Math.round(SEARCH_SECONDS * sampleRateHz);
  const out = new Float32Array(Math.round(samples.length * factor));
  let source = 0;
  for (let at = -half; at < out.length; at += half) {
    const wanted = Math.round((at + half) / factor) - half;
    source = at < 0 ? wanted : bestContinuation(samples, source + half, wanted, search, half);
    addGrain(samples, source, out, at, half);
  }
  return out;
}

/** The start near `wanted` whose first half resembles the samples from `continuation` on most (normalised correlation). */
function bestContinuation(
  samples: Float32Array,
  continuation: number,
  wanted: number,
  search: number,
  half: number,
): number {
  let best = wanted;
  let bestScore = -Infinity;
  for (let start = wanted - search; start <= wanted + search; start += 2) {
    const score = similarity(samples, continuation, start, half);
    if (score > bestScore) {
      bestScore = score;
      best = start;
    }
  }
  return best;
}

function similarity(samples: Float32Array, a: number, b: number, length: number): number {
  let product = 0;
  let energy = 1e-9;
  for (let i = 0; i < length; i += 2) {
    const y = samples[b + i] ?? 0;
    product += (samples[a + i] ?? 0) * y;
    energy += y * y;
  }
  return product / Math.sqrt(energy);
}

function addGrain(samples: Float32Array, source: number, out: Float32Array, at: number, half: number): void {
  for (let i = Math.max(0, -at); i < 2 * half && at + i < out.length; i++) {
    const weight = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / half);
    out[at + i] = out[at + i]! + weight * (samples[source + i] ?? 0);
  }
}
