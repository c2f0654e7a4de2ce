import type { UndertoneError } from '../../errors.js';
import { type BusObserver, SILENT_BUS_OBSERVER } from '../observer.js';
import type { ClientLogEntry } from './client-options.js';

/** Hears what happens inside the Kafka bus; telemetry turns it into metrics and logs. No call may throw. */
export interface KafkaObserver extends BusObserver {
  /** Records and bytes that wait in this process for the broker's acknowledgement; after each change. */
  buffered(records: number, bytes: number): void;
  /** A batch of appended records was acknowledged. */
  sent(records: number, bytes: number, durationMs: number): void;
  /** A reader committed `results` records together with its offset. */
  committed(topic: string, partition: number, results: number, durationMs: number): void;
  /** A commit failed; the partition is taken over anew, unless the record was just too large. */
  commitFailed(topic: string, partition: number, error: unknown): void;
  /** Partitions came to this member, or went from it. */
  rebalanced(topic: string, assigned: number, revoked: number): void;
  /** From the assignment to the reader's hand-over. */
  takenOver(topic: string, partition: number, durationMs: number): void;
  /** Another owner of the partition was noticed by a refused commit. */
  fenced(topic: string, partition: number): void;
  /** Records of an owned partition that have not been read; at every look. */
  lag(topic: string, partition: number, records: number): void;
  /** Fetching was stopped (`true`) because the read-ahead is full, or goes on. */
  paused(topic: string, partition: number, paused: boolean): void;
  /** Something failed that is tried again. */
  failed(error: unknown): void;
  /** The files of `bus.kafka.tls` can't be used any more; connections are made with what they held before. */
  tlsFilesKept(error: UndertoneError): void;
  /** What the client itself says. */
  clientLog(entry: ClientLogEntry): void;
}

const nothing = (): undefined => undefined;

export const SILENT_KAFKA_OBSERVER: KafkaObserver = {
  ...SILENT_BUS_OBSERVER,
  buffered: nothing,
  sent: nothing,
  committed: nothing,
  commitFailed: nothing,
  rebalanced: nothing,
  takenOver: nothing,
  fenced: nothing,
  lag: nothing,
  paused: nothing,
  failed: nothing,
  tlsFilesKept: nothing,
  clientLog: nothing,
};
