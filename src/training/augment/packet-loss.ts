import type { Random } from '../random.js';

/** What telephony sends at once. */
const PACKET_SECONDS = 0.02;

/**
 * Loses packets of 20 ms and puts silence in their place, as a receiver without concealment does.
 * @param lossShare how many are lost
 * @param staysLost probability that the packet after a lost one is lost too (a chain of two states, Gilbert 1960): as
 *   much as the share loses each by itself, more loses them in bursts of 1 / (1 − staysLost) on average
 * @returns a new array of the length of `samples`
 */
export function losePackets(
  samples: Float32Array,
  sampleRateHz: number,
  lossShare: number,
  random: Random,
  staysLost = lossShare,
): Float32Array {
  const packet = Math.round(PACKET_SECONDS * sampleRateHz);
  const heard = samples.slice();
  const getsLost = staysLost === lossShare ? lossShare : (lossShare * (1 - staysLost)) / (1 - lossShare);
  let lost = random.chance(lossShare);
  for (let from = 0; from < heard.length; from += packet) {
    if (lost) heard.fill(0, from, from + packet);
    lost = random.chance(lost ? staysLost : getsLost);
  }
  return heard;
}
