import type { Random } from '../random.js';

/** What telephony sends at once. */
const PACKET_SECONDS = 0.02;

/**
 * Loses packets of 20 ms, each by itself with the given probability, and puts silence in their place, as a receiver
 * without concealment does.
 * @returns a new array of the length of `samples`
 */
export function losePackets(
  samples: Float32Array,
  sampleRateHz: number,
  lossShare: number,
  random: Random,
): Float32Array {
  const packet = Math.round(PACKET_SECONDS * sampleRateHz);
  const heard = samples.slice();
  for (let from = 0; from < heard.length; from += packet) {
    if (random.chance(lossShare)) heard.fill(0, from, from + packet);
  }
  return heard;
}
