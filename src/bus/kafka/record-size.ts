import { UndertoneError } from '../../errors.js';
import type { NewRecord } from '../bus.js';

/** Lengths and deltas of a record, and of each of its headers, at most. */
const RECORD_OVERHEAD = 26;
const HEADER_OVERHEAD = 6;

/** Bytes that a record takes in a request, at most as many as its text has in UTF-8. */
export function recordBytes({ key, value, headers }: NewRecord): number {
  let bytes = RECORD_OVERHEAD + Buffer.byteLength(key) + (value?.byteLength ?? 0);
  for (const name in headers) {
    bytes += HEADER_OVERHEAD + Buffer.byteLength(name) + Buffer.byteLength(headers[name]!);
  }
  return bytes;
}

/** Throws UT_BUS_RECORD_TOO_LARGE. */
export function checkedRecordBytes(topic: string, record: NewRecord, maxBytes: number): number {
  const bytes = recordBytes(record);
  if (bytes <= maxBytes) return bytes;
  const detail = `the record of key ${record.key} has ${bytes} bytes, the limit is ${maxBytes}.`;
  throw new UndertoneError('UT_BUS_RECORD_TOO_LARGE', detail, { place: topic });
}

/** Parts of at most `maxBytes`, in order; a larger record makes a part of its own. */
export function splitByBytes<R extends NewRecord>(records: readonly R[], maxBytes: number): readonly R[][] {
  const parts: R[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = recordBytes(record);
    if (bytes > room) {
      parts.push([]);
      room = maxBytes;
    }
    parts.at(-1)!.push(record);
    room -= bytes;
  }
  return parts;
}
