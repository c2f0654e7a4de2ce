export type { CallResult, ReplayOptions, ReplayProgress } from './options.js';
export { replay } from './replay.js';
