import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActivitySnapshot, CallActivity } from './call-activity.js';

const BLOCK_MS = 16;
const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });

const activityWith = (maxLeadBlocks: number, onTick: (snapshot: ActivitySnapshot) => void = () => {}) =>
  new CallActivity({ blockMs: BLOCK_MS, maxLeadBlocks, tickBlocks: 8, settledAfterMs: 2000, onTick });

/** Pushes two legs' blocks in the order that `firstLeg` says, block by block. */
function play(
  customer: boolean[],
  agent: boolean[],
  order: boolean[],
  onTick?: (snapshot: ActivitySnapshot) => void,
): CallActivity {
  const activity = activityWith(1000, onTick);
  activity.announce('customer');
  activity.announce('agent');
  const at = { customer: 0, agent: 0 };
  const voices = { customer, agent };
  const step = (leg: 'customer' | 'agent') => {
    if (at[leg] < voices[leg].length) activity.push(leg, at[leg], voices[leg][at[leg]++]!);
  };
  for (const customerFirst of order) step(customerFirst ? 'customer' : 'agent');
  for (let i = 0; i < 240; i++) step(i % 2 === 0 ? 'customer' : 'agent');
  activity.finish();
  return activity;
}

describe('CallActivity', () => {
  it('counts the same whatever order the legs arrive in, and as counting by hand does', () => {
    fc.assert(
      fc.property(flags, flags, fc.array(fc.boolean(), { maxLength: 240 }), (customer, agent, order) => {
        const snapshot = play(customer, agent, order).snapshot();
        const length = Math.max(customer.length, agent.length);
        const blocks = Array.from({ length }, (_, i) => [customer[i] ?? false, agent[i] ?? false] as const);
        expect(snapshot.mediaMs).toBe(length * BLOCK_MS);
        expect(snapshot.silenceMs).toBe(blocks.filter(([c, a]) => !c && !a).length * BLOCK_MS);
        expect(snapshot.overlapMs).toBe(blocks.filter(([c, a]) => c && a).length * BLOCK_MS);
        expect(snapshot.voicedMs.get('agent')).toBe(agent.filter(Boolean).length * BLOCK_MS);
      }),
    );
  });

  it('ticks on a fixed grid of media time, with the same state whatever order the legs arrive in', () => {
    fc.assert(
      fc.property(flags, flags, fc.array(fc.boolean(), { maxLength: 240 }), (customer, agent, order) => {
        const ticks: unknown[] = [];
        const inTurn: unknown[] = [];
        play(customer, agent, order, ({ voicedMs: _, ...tick }) => ticks.push(tick));
        play(customer, agent, [], ({ voicedMs: _, ...tick }) => inTurn.push(tick));
        expect(ticks).toEqual(inTurn);
        expect(ticks.length).toBe(Math.floor(Math.max(customer.length, agent.length) / 8));
      }),
    );
  });

  it('counts a silence of a day at once, with no more ticks than anybody needs', () => {
    let ticks = 0;
    const activity = activityWith(10, () => ticks++);
    const day = 86_400_000 / BLOCK_MS;
    activity.push('customer', day, true);
    activity.finish();
    expect(activity.snapshot()).toMatchObject({ mediaMs: (day + 1) * BLOCK_MS, silenceMs: day * BLOCK_MS });
    expect(ticks).toBeLessThan(30);
  });

  it('calls an overlap of half a second an interruption, once', () => {
    const speech = Array(100).fill(true);
    expect(play(speech, Array(31).fill(true), []).snapshot().interruptions).toBe(0);
    expect(play(speech, speech, []).snapshot().interruptions).toBe(1);
  });

  it('does not wait for ever for a leg that stays behind', () => {
    const activity = activityWith(10);
    activity.announce('agent');
    for (let block = 0; block < 100; block++) activity.push('customer', block, true);
    expect(activity.snapshot().mediaMs).toBe(90 * BLOCK_MS);
    activity.push('agent', 95, true);
    activity.finish();
    expect(activity.snapshot()).toMatchObject({ mediaMs: 100 * BLOCK_MS, overlapMs: BLOCK_MS });
  });

  it('takes a hole between blocks as silence, also one far longer than what may wait', () => {
    const activity = activityWith(10);
    activity.push('customer', 0, true);
    activity.push('customer', 5000, true);
    activity.finish();
    expect(activity.snapshot()).toMatchObject({ mediaMs: 5001 * BLOCK_MS, silenceMs: 4999 * BLOCK_MS });
  });
});
