import { EMOTIONS } from '../inference/index.js';

/** Words for what corpora recorded: Undertone's labels, and those that a protocol of its own may judge or merge. */
export const VOCABULARY = [...EMOTIONS, 'calm', 'boredom', 'frustration', 'excitement'] as const;
export type SpokenLabel = (typeof VOCABULARY)[number];
