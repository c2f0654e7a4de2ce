export { assignLegs, keepLawful, type LeggedClip, parseLegs } from './legs.js';
export type { CallResult, ReplayOptions, ReplayProgress } from './options.js';
export { replay } from './replay.js';
