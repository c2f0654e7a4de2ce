/** Hears what happens inside a bus; telemetry turns it into metrics. No call may throw. */
export interface BusObserver {
  /** `waitedMs` is 0 unless a full partition made the append wait. */
  appended(topic: string, partition: number, bytes: number, waitedMs: number): void;
  /** An append found its partition full and waits. */
  appendWaits(topic: string, partition: number): void;
  /** Retention `newest` dropped records to make room. */
  dropped(topic: string, partition: number, records: number): void;
  /** A reader of `group` missed records that were dropped before it came to them. */
  skipped(topic: string, partition: number, group: string, records: number): void;
  /** A listener's `onRevoked` rejected; the partition moves all the same. */
  listenerFailed(topic: string, partition: number, group: string, error: unknown): void;
}

export const SILENT_BUS_OBSERVER: BusObserver = {
  appended: () => undefined,
  appendWaits: () => undefined,
  dropped: () => undefined,
  skipped: () => undefined,
  listenerFailed: () => undefined,
};
