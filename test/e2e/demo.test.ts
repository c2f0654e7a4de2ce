import { describe, expect, it } from 'vitest';
import { callsOf, eventually } from '../support/api.js';
import { startProgram } from '../support/program.js';

describe('the demo', () => {
  it('plays synthetic calls that say so, through the whole path, from the start on', async () => {
    const program = await startProgram(['demo.enabled=true']);
    const isAnalysed = ({ legs }: Awaited<ReturnType<typeof callsOf>>[number]) =>
      (legs.customer?.windows ?? 0) > 0;
    const calls = await eventually(
      () => callsOf(program.url),
      (all) => all.length === 2 && all.every(isAnalysed),
      30_000,
    );
    expect(calls.map(({ synthetic }) => synthetic)).toEqual([true, true]);
    expect(calls.map(({ notice }) => notice)).toEqual(['given', 'given']);
    expect(await program.stop()).toBe(0);
  }, 90_000);
});
