import { setTimeout as sleep } from 'node:timers/promises';
import { samplesOf } from '../../src/load/index.js';

/** What the process said of itself at one moment. */
export interface Reading {
  /** Since the calls began. */
  readonly minute: number;
  readonly residentMib: number;
  readonly heapUsedMib: number;
  readonly externalMib: number;
  readonly openFiles: number;
}

const MIB = 2 ** 20;
const EVERY_MS = 15_000;

/** Reads the metrics page again and again until it is told to end. */
export async function readWhile(url: string, ended: AbortSignal): Promise<readonly Reading[]> {
  const begin = performance.now();
  const readings: Reading[] = [];
  while (!ended.aborted) {
    const page = await (await fetch(new URL('/metrics', url))).text();
    const of = (name: string) => samplesOf(page, name)[0]!.value;
    readings.push({
      minute: Math.round((performance.now() - begin) / 600) / 100,
      residentMib: Math.round(of('process_resident_memory_bytes') / MIB),
      heapUsedMib: Math.round(of('nodejs_heap_size_used_bytes') / MIB),
      externalMib: Math.round(of('nodejs_external_memory_bytes') / MIB),
      openFiles: of('process_open_fds'),
    });
    await sleep(EVERY_MS, undefined, { signal: ended }).catch(() => {});
  }
  return readings;
}
