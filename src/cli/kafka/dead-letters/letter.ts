import type { BusRecord } from '../../../bus/index.js';

/** A record that could not be used, as the dead-letter topic keeps it. */
export interface DeadLetter {
  readonly record: BusRecord;
  /** Where it stands among the dead letters, `topic/partition/offset`. */
  readonly position: string;
  /** Code of the error. */
  readonly reason: string;
  readonly detail: string;
  /** Where it stood at first, `topic/partition/offset`; '' for what no worker has put here. */
  readonly source: string;
  /** Dead letter of which it is a copy that failed again; '' where it is none. */
  readonly replayedFrom: string;
}

/** Marks a record that was sent once more, with the position of its dead letter. */
export const REPLAYED_FROM = 'replayed-from';
/** What a dead letter has more than the record had. */
const ADDED: ReadonlySet<string> = new Set(['reason', 'detail', 'source-position', REPLAYED_FROM]);

export function deadLetterOf(record: BusRecord): DeadLetter {
  const { topic, partition, offset, headers } = record;
  return {
    record,
    position: `${topic}/${partition}/${offset}`,
    reason: headers.reason ?? '',
    detail: headers.detail ?? '',
    source: headers['source-position'] ?? '',
    replayedFrom: headers[REPLAYED_FROM] ?? '',
  };
}

/** The headers that the record had where it came from. */
export function originalHeaders({ record }: DeadLetter): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record.headers).filter(([name]) => !ADDED.has(name)));
}

export interface LetterFilter {
  /** Wall clock of the broker; −∞ for all. */
  readonly sinceMs: number;
  readonly reason?: string | undefined;
  readonly callId?: string | undefined;
}

export function matches({ reason, record }: DeadLetter, filter: LetterFilter): boolean {
  if (record.timestampMs < filter.sinceMs) return false;
  if (filter.reason !== undefined && reason !== filter.reason) return false;
  return filter.callId === undefined || record.key === filter.callId;
}
