export { COLOUR_MAPS } from './colour-map.js';
export { createRealFft } from './fft.js';
export { FrameRing } from './frame-ring.js';
export {
  DEFAULT_FRONT_END,
  type FrontEnd,
  fingerprintOf,
  frameFingerprintOf,
  inputLengthOf,
  inputShapeOf,
} from './front-end.js';
export { type FrameListener, LogMel } from './log-mel.js';
export { bandEdgesHz } from './mel-bank.js';
export type { Picture } from './picture.js';
export { sharedWindow, silenceDb, toModelInput } from './window.js';
export { WindowGrid } from './window-grid.js';
export { WindowStream } from './window-stream.js';
