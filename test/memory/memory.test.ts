import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeTestBundle } from '../support/bundle.js';

const run = promisify(execFile);
const CALLS = 1000;
const MIB = 1 << 20;

interface Report {
  readonly samples: readonly { calls: number; rssBytes: number; heldBytes: number }[];
  readonly points: number;
  readonly ended: number;
}

test('a thousand calls, started and ended, leave nothing behind', { timeout: 180_000 }, async () => {
  const bundle = await mkdtemp(join(tmpdir(), 'undertone-memory-'));
  try {
    await writeTestBundle(bundle);
    const child = new URL('./call-churn.mjs', import.meta.url).pathname;
    const { stdout } = await run(process.execPath, ['--expose-gc', child, bundle, String(CALLS)]);
    const { samples, points, ended } = JSON.parse(stdout) as Report;
    expect(ended).toBe(CALLS);
    expect(points).toBe(CALLS * 2);
    const [, first, ...later] = samples;
    for (const sample of later) {
      expect(sample.heldBytes - first!.heldBytes, JSON.stringify(samples)).toBeLessThan(2 * MIB);
      expect(sample.rssBytes - first!.rssBytes, JSON.stringify(samples)).toBeLessThan(24 * MIB);
    }
  } finally {
    await rm(bundle, { recursive: true });
  }
});

test('a leg that runs holds at most 64 KiB', { timeout: 60_000 }, async () => {
  const bench = new URL('../../bench/memory.mjs', import.meta.url).href;
  const bundle = await mkdtemp(join(tmpdir(), 'undertone-memory-'));
  const script = `
    const { benchMemory } = await import(${JSON.stringify(bench)});
    const { loadBundle } = await import(${JSON.stringify(new URL('../../dist/inference/index.js', import.meta.url).href)});
    console.log(JSON.stringify(await benchMemory(await loadBundle(${JSON.stringify(bundle)}))));`;
  try {
    await writeTestBundle(bundle);
    const { stdout } = await run(process.execPath, ['--expose-gc', '--input-type=module', '-e', script]);
    const { kibPerLeg } = JSON.parse(stdout) as { kibPerLeg: number };
    expect(kibPerLeg).toBeGreaterThan(32);
    expect(kibPerLeg).toBeLessThanOrEqual(64);
  } finally {
    await rm(bundle, { recursive: true });
  }
});

test('frames of a leg that runs allocate nothing', { timeout: 120_000 }, async () => {
  const child = new URL('./frame-allocation.mjs', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--max-semi-space-size=1', child]);
  const { collections, windows } = JSON.parse(stdout) as { collections: number; windows: number };
  expect(windows).toBe(Math.floor((60 * 60 * 1000) / 512));
  // An hour has 225,000 frames: 8 bytes for each would fill the young generation at least once.
  expect(collections).toBeLessThanOrEqual(2);
});
