import type { BusRecord, ResultRecord } from '../bus/index.js';
import { errorCodeOf } from '../errors.js';

/** Longest explanation that a dead letter carries. */
const MAX_DETAIL_CHARS = 500;
/** A larger value is left where it stood: with the added headers it would not fit into a record. */
const MAX_VALUE_BYTES = 512 * 1024;

/** What is kept of a record that could not be used: all of it, as it came, with the reason and where it stood. */
export function deadLetter(topic: string, record: BusRecord, error: unknown): ResultRecord {
  const isLarge = (record.value?.byteLength ?? 0) > MAX_VALUE_BYTES;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    topic,
    key: record.key,
    value: isLarge ? new Uint8Array() : record.value,
    headers: {
      ...record.headers,
      ...(isLarge ? { 'value-left-out': String(record.value?.byteLength) } : {}),
      reason: errorCodeOf(error),
      detail: detail.slice(0, MAX_DETAIL_CHARS),
      'source-position': `${record.topic}/${record.partition}/${record.offset}`,
    },
  };
}
