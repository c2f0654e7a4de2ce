import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hasPython, runPython } from '../support/python.js';
import { GOLDEN_CASES, GOLDEN_FOLDER, goldenName, readGolden, worstError } from './golden-file.js';

/** Processors differ in the last bits of a transform; the files are rounded to about 1e-6 of full scale. */
const TOLERANCE = 2e-6;

describe.skipIf(!hasPython())('make_golden.py', () => {
  let folder = '';
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the files that are committed', { timeout: 300_000 }, async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-golden-'));
    const script = fileURLToPath(new URL('make_golden.py', GOLDEN_FOLDER));
    const made = await runPython(script, ['--out', folder]);
    expect(made).toEqual(GOLDEN_CASES.map(goldenName));
    for (const name of GOLDEN_CASES) {
      const { frames, window, ...head } = readGolden(join(folder, goldenName(name)));
      const committed = readGolden(new URL(goldenName(name), GOLDEN_FOLDER));
      expect(head).toEqual({ ...committed, frames: undefined, window: undefined });
      expect(frames.length).toBe(committed.frames.length);
      expect(worstError(frames.flat(), committed.frames.flat())).toBeLessThan(TOLERANCE);
      expect(worstError(window.flat(), committed.window.flat())).toBeLessThan(TOLERANCE);
    }
  });
});
