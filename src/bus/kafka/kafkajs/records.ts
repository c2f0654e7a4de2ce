import { isUtf8 } from 'node:buffer';
import type { KafkaMessage, Message } from 'kafkajs';
import type { FetchedRecord, PlacedRecord } from '../driver.js';

/** A record as kafkajs fetched it, its headers read as text; on the path of every chunk, hence no copies. */
export function toFetchedRecord(topic: string, partition: number, message: KafkaMessage): FetchedRecord {
  const { key, value, headers } = message;
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: key !== null && isUtf8(key) ? key.toString() : '',
    value,
    headers: (headers ?? {}) as Readonly<Record<string, string>>,
  };
}

/** A record as kafkajs sends it. */
export function toMessage({ key, value, headers, partition }: PlacedRecord): Message {
  return { key, value: value === null ? null : asBuffer(value), headers: { ...headers }, partition };
}

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
