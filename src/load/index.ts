export { type CapacityReport, findCapacity } from './find-capacity.js';
export { type Machine, machineOf } from './machine.js';
export type { LoadOptions, LoadProgress, ResultsOptions } from './options.js';
export { bucketQuantile, bucketsBetween, bucketsOf, samplesOf } from './prometheus-text.js';
export type { LoadReport } from './report.js';
export { runLoad } from './run-load.js';
export type { Limits } from './verdict.js';
