import type { BusRecord } from '../bus/index.js';
import type { AudioLogRecord } from '../ingest/index.js';
import type { RecordOutcome } from './call.js';

/** What the call worker tells the metrics, the log and the health page. */
export interface CallsObserver {
  onRecord(type: AudioLogRecord['type'], outcome: RecordOutcome): void;
  /** A record could not be used and stands among the dead letters now; the call and its neighbours go on. */
  onBadRecord(record: BusRecord, error: unknown): void;
  /** After each batch: live calls and windows that wait for the model, of one partition. */
  onProgress(partition: number, liveCalls: number, pendingWindows: number): void;
  /** So many more records are done with: all that they caused stands in the result log. */
  onCommitted(partition: number, records: number): void;
  /** A partition came here from another worker with so many calls under way; reading what it left took so long. */
  onTakenOver(partition: number, calls: number, durationMs: number): void;
  /** What the log says of a call can't be understood: it goes on from its audio, as far as that is still there. */
  onUnreadableState(partition: number, callId: string, error: unknown): void;
  /** The partition left this worker with these calls under way, or the worker ends. */
  onReleased(partition: number, callIds: readonly string[]): void;
  /** Calls that could not be rebuilt whole: the log no longer held their audio. They go on as after a gap. */
  onAudioMissing(partition: number, calls: number): void;
  /** The partition has another owner, or it is not known what became of the last commit: it is taken over anew. */
  onPartitionLost(partition: number, error: unknown): void;
  /** Windows can't be classified, or results can't be written: the worker can't keep its promise. */
  onFatal(error: unknown): void;
}
