import type { BusRecord } from '../bus/index.js';
import type { AudioLogRecord } from '../ingest/index.js';
import type { RecordOutcome } from './call.js';

/** What the call worker tells the metrics, the log and the health page. */
export interface CallsObserver {
  onRecord(type: AudioLogRecord['type'], outcome: RecordOutcome): void;
  /** A record that could not be used; the call and its neighbours go on. */
  onBadRecord(record: BusRecord, error: unknown): void;
  /** After each batch: live calls and windows that wait for the model, of one partition. */
  onProgress(partition: number, liveCalls: number, pendingWindows: number): void;
  /** So many more records are done with: all that they caused stands in the result log. */
  onCommitted(partition: number, records: number): void;
  /** Results can't be written or windows can't be classified: the worker can't keep its promise. */
  onFatal(error: unknown): void;
}
