import { didYouMean } from '../../config/index.js';
import { type SpokenLabel, VOCABULARY } from '../vocabulary.js';

/** The label that a person wrote, whatever its case; undefined where it is none. */
export function spokenLabel(text: string): SpokenLabel | undefined {
  const word = text.trim().toLowerCase();
  return VOCABULARY.find((label) => label === word);
}

/** Why a word is no label, with the word that was probably meant. */
export function unknownLabel(text: string): string {
  const nearest = didYouMean(text.trim(), VOCABULARY);
  const meant = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return `"${text}" is no label; there are ${VOCABULARY.join(', ')}.${meant}`;
}
