import { describe, expect, it } from 'vitest';
import { standardError } from './standard-error.js';

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A destination that takes what `takes` says of each attempt: so many bytes, or an error. */
function bench(takes: (number | string)[]) {
  let written = '';
  const lost: number[] = [];
  const stream = standardError(
    (lines) => lost.push(lines),
    (bytes) => {
      const next = takes.shift() ?? bytes.length;
      if (typeof next === 'string') throw failure(next);
      const taken = bytes.subarray(0, next);
      written += taken.toString('utf8');
      return taken.length;
    },
  );
  return { stream, lost, text: () => written };
}

describe('standard error as a destination', () => {
  it('writes a line in as many pieces as it takes', () => {
    const { stream, text, lost } = bench([2, 'EAGAIN', 1]);
    stream.write('abcdef\n');
    expect(text()).toBe('abcdef\n');
    expect(lost).toEqual([]);
  });

  it('loses lines while the disk is full, and says how many once it is not', () => {
    const { stream, text, lost } = bench(['ENOSPC', 'ENOSPC']);
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) stream.write(line);
    expect(text()).toBe('three\nfour\n');
    expect(lost).toEqual([2]);
    expect(stream.linesLost).toBe(2);
  });

  it('begins a new line after one that was cut off', () => {
    const { stream, text, lost } = bench([3, 'ENOSPC', 'ENOSPC']);
    for (const line of ['cut off\n', 'lost\n', 'whole\n']) stream.write(line);
    expect(text()).toBe('cut\nwhole\n');
    expect(lost).toEqual([2]);
  });

  it('does not wait for ever where nobody reads', () => {
    const { stream, text } = bench(Array<string>(1000).fill('EAGAIN'));
    stream.write('one\n');
    expect(text()).toBe('');
    expect(stream.linesLost).toBe(1);
  });
});
