export { CallTable } from './call-table.js';
export type { LegOptions } from './leg.js';
export type { CallsObserver } from './observer.js';
export type { CallAnalysis, CallParts, DueWindow, LegProgress, WindowHole, WindowSource } from './ports.js';
export { CallWorker, type CallWorkerOptions } from './worker.js';
