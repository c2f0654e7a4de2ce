export type { Classifier } from './classifier.js';
export { EMOTIONS, type Emotion } from './labels.js';
