import type { Bus } from '../../../bus/index.js';
import { type DeadLetter, deadLetterOf, type LetterFilter, matches } from './letter.js';

/** What an operator sees of a dead letter; never what was said. */
export interface LetterRow {
  readonly time: string;
  readonly reason: string;
  readonly detail: string;
  readonly source: string;
  readonly callId: string;
  /** `ce_type` of the record. */
  readonly type: string;
  readonly bytes: number;
  readonly position: string;
}

export interface LetterList {
  /** Oldest first. */
  readonly rows: readonly LetterRow[];
  /** How many older ones there are. */
  readonly left: number;
}

/** The newest dead letters that match, at most `limit`. */
export async function listLetters(
  bus: Pick<Bus, 'scan' | 'partitionCount'>,
  topic: string,
  filter: LetterFilter,
  limit: number,
): Promise<LetterList> {
  let rows: LetterRow[] = [];
  let total = 0;
  const take = (letter: DeadLetter): void => {
    total++;
    rows.push(rowOf(letter));
    if (rows.length >= 2 * limit) rows = newest(rows, limit);
  };
  for (let partition = 0; partition < bus.partitionCount(topic); partition++) {
    await bus.scan(topic, partition, filter.sinceMs, (records) => {
      for (const letter of records.map(deadLetterOf)) if (matches(letter, filter)) take(letter);
    });
  }
  rows = newest(rows, limit);
  return { rows, left: total - rows.length };
}

function newest(rows: readonly LetterRow[], limit: number): LetterRow[] {
  return rows.toSorted((one, other) => (one.time < other.time ? -1 : 1)).slice(-limit);
}

function rowOf({ record, position, reason, detail, source }: DeadLetter): LetterRow {
  return {
    time: new Date(record.timestampMs).toISOString(),
    reason,
    detail,
    source,
    callId: record.key,
    type: record.headers.ce_type ?? '',
    bytes: record.value?.byteLength ?? 0,
    position,
  };
}

/** Two lines a letter. Its texts come from outside: nothing in them reaches the terminal as a control character. */
export function renderLetters({ rows, left }: LetterList): string {
  const lines = rows.map(
    ({ time, reason, source, callId, type, bytes, detail }) =>
      `${[time, reason || 'no reason', source || 'source unknown', `call ${callId || 'unknown'}`, type || 'no type', `${bytes} bytes`].map(printable).join('  ')}\n    ${printable(detail)}\n`,
  );
  const more = left === 0 ? '' : `, the newest; ${left} older ones match too (--limit)`;
  return `${lines.join('')}${rows.length} dead letter${rows.length === 1 ? '' : 's'}${more}.\n`;
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, '\u{fffd}');
}
