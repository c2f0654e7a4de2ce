import { describe, expect, it } from 'vitest';
import { closeParts, type Part, startParts } from './parts.js';

function recorded(log: string[], name: string, fail?: 'start' | 'close'): Part {
  const step = async (action: 'start' | 'close') => {
    log.push(`${action} ${name}`);
    if (fail === action) throw new Error(`${name} failed`);
  };
  return { name, start: () => step('start'), close: () => step('close') };
}

describe('parts', () => {
  it('start in order and close in reverse, also past one that fails to close', async () => {
    const log: string[] = [];
    const failures: string[] = [];
    const parts = [recorded(log, 'a'), recorded(log, 'b', 'close'), recorded(log, 'c')];
    await startParts(parts);
    await closeParts(parts, 10, (part) => failures.push(part));
    expect(log).toEqual(['start a', 'start b', 'start c', 'close c', 'close b', 'close a']);
    expect(failures).toEqual(['b']);
  });

  it('closes what had started when a later part can not start', async () => {
    const log: string[] = [];
    const parts = [recorded(log, 'a'), recorded(log, 'b', 'start'), recorded(log, 'c')];
    await expect(startParts(parts)).rejects.toThrow('b failed');
    expect(log).toEqual(['start a', 'start b', 'close a']);
  });
});
