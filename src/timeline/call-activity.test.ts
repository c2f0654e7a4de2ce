import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallActivity } from './call-activity.js';

const BLOCK_MS = 16;
const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });

/** Pushes two legs' blocks in the order that `firstLeg` says, block by block. */
function play(customer: boolean[], agent: boolean[], order: boolean[]): CallActivity {
  const activity = new CallActivity(BLOCK_MS, 1000);
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

  it('calls an overlap of half a second an interruption, once', () => {
    const speech = Array(100).fill(true);
    expect(play(speech, Array(31).fill(true), []).snapshot().interruptions).toBe(0);
    expect(play(speech, speech, []).snapshot().interruptions).toBe(1);
  });

  it('does not wait for ever for a leg that stays behind', () => {
    const activity = new CallActivity(BLOCK_MS, 10);
    activity.announce('agent');
    for (let block = 0; block < 100; block++) activity.push('customer', block, true);
    expect(activity.snapshot().mediaMs).toBe(90 * BLOCK_MS);
    activity.push('agent', 95, true);
    activity.finish();
    expect(activity.snapshot()).toMatchObject({ mediaMs: 100 * BLOCK_MS, overlapMs: BLOCK_MS });
  });

  it('takes a hole between blocks as silence, also one far longer than what may wait', () => {
    const activity = new CallActivity(BLOCK_MS, 10);
    activity.push('customer', 0, true);
    activity.push('customer', 5000, true);
    activity.finish();
    expect(activity.snapshot()).toMatchObject({ mediaMs: 5001 * BLOCK_MS, silenceMs: 4999 * BLOCK_MS });
  });
});
