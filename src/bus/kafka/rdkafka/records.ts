import { isUtf8 } from 'node:buffer';
import type { FetchedRecord, PlacedRecord } from '../driver.js';
import type { NativeMessage } from './node-rdkafka.js';

/** A record as node-rdkafka fetched it; on the path of every chunk, hence no copies of the value. */
export function toFetchedRecord(message: NativeMessage): FetchedRecord {
  const { topic, partition, offset, timestamp: timestampMs, key, value, headers } = message;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: key !== null && isUtf8(key) ? key.toString() : '',
    value,
    headers: headers === undefined ? {} : toTextHeaders(headers),
  };
}

/** Of a header that stands there twice the last counts, as in a map. */
function toTextHeaders(headers: NonNullable<NativeMessage['headers']>): Record<string, string> {
  const text: Record<string, string> = {};
  for (const header of headers) for (const name in header) text[name] = header[name]!.toString();
  return text;
}

export function toNativeHeaders(headers: PlacedRecord['headers']): Readonly<Record<string, string>>[] {
  return Object.entries(headers).map(([name, value]) => ({ [name]: value }));
}

export function toBuffer(value: Uint8Array | null): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
