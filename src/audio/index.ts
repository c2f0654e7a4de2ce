export {
  type AudioLimits,
  DEFAULT_AUDIO_LIMITS,
  MAX_SAMPLE_RATE_HZ,
  MIN_SAMPLE_RATE_HZ,
} from './audio-limits.js';
export { deinterleave, mixDown, mixDownClip } from './channels.js';
export { encodeWav, type WavEncoding } from './encode-wav.js';
export { type AudioClip, type AudioFormat, BYTES_PER_SAMPLE, ENCODINGS, type Encoding } from './format.js';
export { type CompandingLaw, encodeG711, G711_TO_FLOAT, g711Code } from './g711.js';
export { decodeSamples, wholeFrames } from './pcm-decoder.js';
export { type AudioReadOptions, containerOf, decodeAudio, readAudioFile } from './read-audio-file.js';
export { Resampler, resampleClip } from './resampler.js';
export {
  DEFAULT_VOICE_ACTIVITY,
  VOICE_BLOCK_MS,
  VoiceActivity,
  type VoiceActivityOptions,
  type VoiceListener,
} from './voice-activity.js';
