import { EMOTIONS } from '../inference/index.js';

/** Words for what corpora recorded: Undertone's labels, and those that a protocol of its own may judge or merge. */
export const VOCABULARY = [...EMOTIONS, 'calm', 'boredom', 'frustration', 'excitement'] as const;
export type SpokenLabel = (typeof VOCABULARY)[number];

/** Labels beyond Undertone's seven that count as one of them; boredom and frustration do not. */
export const COUNTS_AS = { calm: 'neutral', excitement: 'happy' } as const;
