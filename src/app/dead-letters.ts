import type { BusRecord, ResultRecord } from '../bus/index.js';
import { errorCodeOf } from '../errors.js';

/** Longest explanation that a dead letter carries. */
const MAX_DETAIL_CHARS = 500;
/** Headers with more are left out, and so are those beyond the first so many. */
const MAX_TEXT_CHARS = 1024;
const MAX_HEADERS = 64;
/** A larger value is left where it stood: with the added headers it would not fit into a record. */
const MAX_VALUE_BYTES = 512 * 1024;

/** What is kept of a record that could not be used: all of it, as it came, with the reason and where it stood. */
export function deadLetter(topic: string, record: BusRecord, error: unknown): ResultRecord {
  const isLarge = (record.value?.byteLength ?? 0) > MAX_VALUE_BYTES;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    topic,
    key: record.key.slice(0, MAX_TEXT_CHARS),
    value: isLarge ? new Uint8Array() : record.value,
    headers: {
      ...smallOf(record.headers),
      ...(isLarge ? { 'value-left-out': String(record.value?.byteLength) } : {}),
      reason: errorCodeOf(error),
      detail: detail.slice(0, MAX_DETAIL_CHARS),
      'source-position': `${record.topic}/${record.partition}/${record.offset}`,
    },
  };
}

function smallOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const small = Object.entries(headers).filter(
    ([name, value]) => name.length + value.length <= MAX_TEXT_CHARS,
  );
  return Object.fromEntries(small.slice(0, MAX_HEADERS));
}
