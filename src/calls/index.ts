export { BatchOutbox } from './batch-outbox.js';
export type { Call } from './call.js';
export type { CallRecord } from './call-feeds.js';
export type { CallTableOptions } from './call-table.js';
export { CallTable } from './call-table.js';
export type { LegOptions } from './leg.js';
export type { CallsObserver } from './observer.js';
export { oneModel } from './one-model.js';
export type {
  AnalysisState,
  CallAnalysis,
  CallModels,
  CallParts,
  CallState,
  DueWindow,
  Json,
  LegProgress,
  Outbox,
  RecordContext,
  WindowHole,
  WindowSource,
} from './ports.js';
export type { ResultTopics as TakeOverTopics } from './recovery.js';
export { CallWorker, type CallWorkerOptions } from './worker.js';
