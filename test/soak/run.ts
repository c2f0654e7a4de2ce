import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapacityReport, type LoadReport, machineOf } from '../../src/load/index.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import type { SoakOptions } from './options.js';
import { type Reading, readWhile } from './readings.js';
import { FLAT, type Growth, growthOf, isPassed } from './verdict.js';

/** Tries of the search for the capacity last so long each. */
const TRY = '30s';
const FIRST_CALLS = 40;
const MOST_CALLS = 10_000;

interface Soak {
  readonly minutes: number;
  readonly share: number;
  readonly capacity: number;
  readonly load: Omit<LoadReport, 'timeline'>;
  readonly growth: Growth;
  readonly readings: readonly Reading[];
}

/** Finds out how many calls one process bears, and plays a share of them for long. @returns whether every promise was kept */
export async function runSoak(options: SoakOptions, print: (line: string) => void): Promise<boolean> {
  const folder = join(options.runsFolder, `soak-${Date.now()}`);
  mkdirSync(folder, { recursive: true });
  const capacity = options.capacity ?? (await findCapacity(options, folder, print));
  const program = await startProgram(settingsOf(options));
  try {
    const calls = Math.max(1, Math.floor(options.share * capacity));
    print(`${calls} calls for ${options.minutes} min, of ${capacity} that it bears`);
    const { load, readings } = await play(program, calls, options, folder);
    const growth = growthOf(readings);
    const { minutes, share } = options;
    keep(options.out ?? join(folder, 'soak.json'), { minutes, share, capacity, load, growth, readings });
    print(describe(load, growth));
    return isPassed(load, growth);
  } finally {
    await program.stop();
  }
}

const settingsOf = ({ bundle }: SoakOptions) => [
  `gateway.maxStreams=${MOST_CALLS}`,
  `gateway.maxStreamsPerTenant=${MOST_CALLS}`,
  ...(bundle === null ? [] : [`model.bundle=${bundle}`]),
];

/** In a process of its own, so that what overload left behind is not soaked. */
async function findCapacity(
  options: SoakOptions,
  folder: string,
  print: (line: string) => void,
): Promise<number> {
  const program = await startProgram(settingsOf(options));
  try {
    const search = [
      '--find-capacity',
      '--calls',
      String(FIRST_CALLS),
      '--duration',
      TRY,
      '--feed',
      options.feed,
    ];
    const out = join(folder, 'capacity.json');
    const { results, stdout } = await bench<{ capacity: CapacityReport }>(program, out, search);
    print(stdout);
    return results.capacity.calls;
  } finally {
    await program.stop();
  }
}

async function play(
  program: RunningProgram,
  calls: number,
  { minutes, feed }: SoakOptions,
  folder: string,
): Promise<{ load: Soak['load']; readings: readonly Reading[] }> {
  const ended = new AbortController();
  const reading = readWhile(program.url, ended.signal);
  const flags = ['--calls', String(calls), '--duration', `${Math.round(60 * minutes)}s`, '--feed', feed];
  const played = bench<{ load: LoadReport }>(program, join(folder, 'load.json'), flags);
  const { results } = await played.finally(() => ended.abort());
  const { timeline: _, ...load } = results.load;
  return { load, readings: await reading };
}

/** @returns what it keeps and what it prints @throws where it kept nothing: it could not even begin */
async function bench<T>({ url }: RunningProgram, out: string, flags: readonly string[]) {
  const feedUrl = url.replace(/^http/, 'ws');
  const { stdout, stderr } = await runProgram(['bench', 'load', '--url', feedUrl, '--out', out, ...flags]);
  if (!existsSync(out)) throw new Error(stderr);
  return { results: (JSON.parse(readFileSync(out, 'utf8')) as { results: T }).results, stdout };
}

function keep(file: string, soak: Soak): void {
  const kept = { measuredAt: new Date().toISOString(), machine: machineOf(), results: { soak } };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
}

function describe(load: Soak['load'], growth: Growth): string {
  return [
    `windows ${JSON.stringify(load.windows)}`,
    `feeds   ${JSON.stringify(load.feeds)}`,
    `delay   ${JSON.stringify(load.delay)}`,
    `memory  ${growth.warmMib} MiB warm, ${growth.lastMib} MiB at the end (limit ${100 * FLAT} % more), at most ${growth.mostMib} MiB`,
    ...load.verdict.reasons,
    isPassed(load, growth) ? 'PASSED' : 'FAILED',
  ].join('\n');
}
