import { EMOTIONS, type Emotion } from '../inference/index.js';

/** Words for what corpora recorded: Undertone's labels, and those that a protocol of its own may judge or merge. */
export const VOCABULARY = [...EMOTIONS, 'calm', 'boredom', 'frustration', 'excitement'] as const;
export type SpokenLabel = (typeof VOCABULARY)[number];

/** Whether a word is one of the labels that Undertone's own bundles have. */
export function isEmotion(label: SpokenLabel): label is Emotion {
  return (EMOTIONS as readonly string[]).includes(label);
}
