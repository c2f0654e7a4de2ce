import { expect, it } from 'vitest';
import { Random } from '../random.js';
import { losePackets } from './packet-loss.js';

/** A rate at which a packet of 20 ms is two samples: many packets, little to compute. */
const RATE = 100;
const PACKET = 2;

/** Which packets of a line that sends only ones are lost. */
function lossesOf(packets: number, share: number, staysLost: number): boolean[] {
  const sent = new Float32Array(packets * PACKET).fill(1);
  const heard = losePackets(sent, RATE, share, new Random('line'), staysLost);
  const lost = Array.from({ length: packets }, (_, i) => heard[i * PACKET] === 0);
  expect(heard.every((sample, i) => sample === (lost[Math.floor(i / PACKET)] ? 0 : 1))).toBe(true);
  return lost;
}

const runsOf = (lost: readonly boolean[]) => lost.filter((isLost, i) => isLost && !lost[i - 1]).length;

it.each([
  [0.02, 0.02],
  [0.02, 2 / 3],
  [0.1, 1 / 2],
])('loses a share of %f of whole packets, each followed by another with %f', (share, staysLost) => {
  const lost = lossesOf(200_000, share, staysLost);
  const count = lost.filter(Boolean).length;
  expect(Math.abs(count / lost.length / share - 1)).toBeLessThan(0.2);
  expect(Math.abs((count / runsOf(lost)) * (1 - staysLost) - 1)).toBeLessThan(0.15);
});

it('loses what the seed says, and leaves the rest as it was', () => {
  const samples = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
  const heard = losePackets(samples, RATE, 0.2, new Random('a'));
  expect(losePackets(samples, RATE, 0.2, new Random('a'))).toEqual(heard);
  expect(losePackets(samples, RATE, 0.2, new Random('b'))).not.toEqual(heard);
  expect(heard.every((sample, i) => sample === 0 || sample === samples[i])).toBe(true);
});
