export { type AudioClip, type AudioFormat, BYTES_PER_SAMPLE, ENCODINGS, type Encoding } from './format.js';
