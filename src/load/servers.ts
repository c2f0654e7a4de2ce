import {
  addBuckets,
  type Bucket,
  bucketQuantile,
  bucketsBetween,
  bucketsOf,
  samplesOf,
} from './prometheus-text.js';

const ANSWER_MS = 3000;

/** Counters of one process of the installation at one moment; null where it could not be asked. */
export interface ServerReading {
  /** Processor time since it began, seconds; null where the process does not say. */
  readonly cpuSeconds: number | null;
  readonly delays: readonly Bucket[];
  readonly refusedFeeds: number;
  readonly version: string;
  readonly model: string;
}

/** What the processes of the installation say of the time between two readings. */
export interface ServerFigures {
  readonly processes: number;
  readonly versions: readonly string[];
  readonly models: readonly string[];
  /** Cores kept busy, all processes together; null where one does not say. */
  readonly cores: number | null;
  /** `undertone_window_delay_seconds`, without the way to the player and back. */
  readonly windowDelayP50Ms: number | null;
  readonly windowDelayP99Ms: number | null;
  readonly refusedFeeds: number;
}

/** @param url of the text page of metrics */
export async function readServer(url: string): Promise<ServerReading | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok ? readingOf(await response.text()) : null;
  } catch {
    return null;
  }
}

export function readingOf(text: string): ServerReading {
  const cpu = samplesOf(text, 'process_cpu_seconds_total').at(0);
  const build = samplesOf(text, 'undertone_build_info').at(0)?.labels ?? {};
  const refused = samplesOf(text, 'undertone_feeds_refused_total');
  return {
    cpuSeconds: cpu?.value ?? null,
    delays: bucketsOf(text, 'undertone_window_delay_seconds'),
    refusedFeeds: refused.reduce((sum, { value }) => sum + value, 0),
    version: build.version ?? '',
    model: build.model ?? '',
  };
}

/** Undefined where no process could be asked both times. A process that was started anew counts from 0. */
export function serverFigures(
  before: readonly (ServerReading | null)[],
  after: readonly (ServerReading | null)[],
  seconds: number,
): ServerFigures | undefined {
  const pairs = after.flatMap((reading, index) => {
    const earlier = before[index];
    return reading === null || earlier === null || earlier === undefined ? [] : [{ earlier, reading }];
  });
  if (pairs.length === 0) return undefined;
  const delays = addBuckets(
    pairs.map(({ earlier, reading }) => bucketsBetween(earlier.delays, reading.delays)),
  );
  const cpu = pairs.map(({ earlier, reading }) => growth(earlier.cpuSeconds, reading.cpuSeconds));
  const busy = cpu.includes(null) ? null : cpu.reduce<number>((sum, value) => sum + value!, 0) / seconds;
  return {
    processes: pairs.length,
    versions: distinct(pairs.map(({ reading }) => reading.version)),
    models: distinct(pairs.map(({ reading }) => reading.model)),
    cores: busy === null ? null : Math.round(busy * 100) / 100,
    windowDelayP50Ms: inMs(bucketQuantile(delays, 0.5)),
    windowDelayP99Ms: inMs(bucketQuantile(delays, 0.99)),
    refusedFeeds: pairs.reduce(
      (sum, { earlier, reading }) => sum + reading.refusedFeeds - earlier.refusedFeeds,
      0,
    ),
  };
}

function growth(before: number | null, after: number | null): number | null {
  if (before === null || after === null) return null;
  return after < before ? after : after - before;
}

const distinct = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].filter((name) => name !== '').sort();

const inMs = (seconds: number): number | null =>
  Number.isNaN(seconds) ? null : Math.round(seconds * 10_000) / 10;
