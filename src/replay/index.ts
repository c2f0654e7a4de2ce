export { newCallIdPrefix } from './call-ids.js';
export { assignLegs, keepLawful, type LeggedClip, parseLegs } from './legs.js';
export type { CallResult, ReplayOptions, ReplayProgress, SenderOptions } from './options.js';
export { replay } from './replay.js';
export { Sender } from './sender.js';
