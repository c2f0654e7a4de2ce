import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, isKept } from './compare.js';
import { type Gap, silenceAfter } from './gaps.js';
import type { ChaosOptions } from './options.js';
import type { Result } from './results.js';
import type { Struck } from './strike.js';

const SHOWN = 50;

/** What came out of a run. */
export interface Verdict {
  readonly options: ChaosOptions;
  readonly comparison: Comparison;
  readonly struck: readonly Struck[];
  readonly gaps: readonly Gap[];
  /** Deaths nobody ordered, partitions that were not worked off, states that Redis lacks. */
  readonly complaints: readonly string[];
  readonly fedRecords: number;
}

export function isPassed({ comparison, complaints }: Verdict): boolean {
  return isKept(comparison) && complaints.length === 0;
}

/** For people. */
export function describeVerdict(verdict: Verdict): string {
  const { options, comparison, complaints, fedRecords } = verdict;
  const { counts, duplicates, missing, surplus, different, faults } = comparison;
  const lines = Object.entries(counts).map(
    ([kind, { expected, seen }]) => `${kind.padEnd(14)} expected ${expected}, seen ${seen}`,
  );
  return [
    '',
    `seed ${options.seed}, ${options.driver}, engine ${options.engine}: ${fedRecords} audio records`,
    ...faultLines(verdict),
    '',
    ...lines,
    `duplicate ${duplicates.length}, missing ${missing.length}, surplus ${surplus.length}, different ${different.length}`,
    ...[...faults, ...complaints].slice(0, SHOWN).map((text) => `! ${text}`),
    ...differences(comparison).slice(0, 10),
    isPassed(verdict) ? 'PASSED: every window exactly once, byte for byte' : 'FAILED',
  ].join('\n');
}

function faultLines({ struck, gaps }: Verdict): string[] {
  const rows = faultTable(struck, gaps).map(
    ({ kind, target, awayMs, longestMs, takeoverMs }) =>
      `${kind.padEnd(14)} ${String(target).padStart(6)} ${seconds(awayMs)} ${seconds(longestMs)} ${seconds(takeoverMs)}`,
  );
  return ['fault          target   away s   longest gap s   fault → point s', ...rows];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2).padStart(9);

function faultTable(struck: readonly Struck[], gaps: readonly Gap[]) {
  return struck.map(({ kind, target, fromAt, toAt }, n) => {
    const untilAt = struck[n + 1]?.fromAt ?? toAt + 10_000;
    return { kind, target, awayMs: toAt - fromAt, ...silenceAfter(gaps, fromAt, untilAt) };
  });
}

function differences({ duplicates, missing, surplus, different }: Comparison): string[] {
  return [
    ...duplicates.map(({ identity }) => `- twice: ${identity}`),
    ...missing.map(({ identity }) => `- missing: ${identity}`),
    ...surplus.map(({ identity }) => `- surplus: ${identity}`),
    ...different.map(([should, is]) => `- should be ${should.essence}\n       but is ${is.essence}`),
  ];
}

/** Writes the report, and where the promise was broken everything that helps to see why. */
export function keepEvidence(folder: string, verdict: Verdict, seen: readonly Result[]): void {
  const { options, comparison, struck, gaps, complaints } = verdict;
  const report = {
    options,
    passed: isPassed(verdict),
    counts: comparison.counts,
    faults: comparison.faults,
    complaints,
    struck: faultTable(struck, gaps),
  };
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  if (isPassed(verdict)) return;
  writeFileSync(join(folder, 'differences.txt'), `${differences(comparison).join('\n')}\n`);
  const lines = seen.map(({ record }) =>
    JSON.stringify({ ...record, value: record.value?.toString('utf8') }),
  );
  writeFileSync(join(folder, 'results.jsonl'), `${lines.join('\n')}\n`);
}
