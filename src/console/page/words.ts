import type { CallSummary, Point } from '../../timeline/index.js';
import type { Piece } from './ribbon.js';

type Label = NonNullable<Point['label']>;

/** Labels in the order in which the page lists them: unpleasant and excited first. */
export const LABELS = ['angry', 'disgust', 'fear', 'sad', 'neutral', 'surprise', 'happy'] as const;

const LABEL_WORDS: Record<Label, string> = {
  angry: 'Angry',
  disgust: 'Disgusted',
  fear: 'Afraid',
  happy: 'Happy',
  neutral: 'Neutral',
  sad: 'Sad',
  surprise: 'Surprised',
  uncertain: 'Uncertain',
};

const KIND_WORDS: Record<Exclude<Piece['kind'], 'emotion'>, string> = {
  uncertain: 'Uncertain',
  silent: 'No speech',
  gap: 'Audio lost',
  pause: 'Paused',
  overload: 'Skipped',
  error: 'Failed',
};

const KIND_MEANINGS: Record<Exclude<Piece['kind'], 'emotion'>, string> = {
  uncertain: 'no emotion is likely enough to be named',
  silent: 'too little voice to judge',
  gap: 'the audio was lost on the way',
  pause: 'the recording was paused on purpose',
  overload: 'skipped because the machine could not keep up',
  error: 'the model failed at this part',
};

export function labelWord(label: Label): string {
  return LABEL_WORDS[label];
}

export function pieceWord(piece: Pick<Piece, 'kind' | 'label'>): string {
  return piece.kind === 'emotion' && piece.label !== null ? LABEL_WORDS[piece.label] : otherWord(piece.kind);
}

/** What a piece without an emotion means, for a title or a table. */
export function pieceMeaning(piece: Pick<Piece, 'kind'>): string | undefined {
  return piece.kind === 'emotion' ? undefined : KIND_MEANINGS[piece.kind];
}

export const NOTICE_WORDS: Record<CallSummary['notice'], string> = {
  given: 'Notice given',
  'not-given': 'No notice given',
  unknown: 'Notice unknown',
};

export const END_WORDS: Record<NonNullable<CallSummary['endReason']>, string> = {
  completed: 'Ended',
  idle: 'Ended: no audio came any more',
  'feed-lost': 'Ended: the connection was lost',
  error: 'Ended by an error',
  shutdown: 'Ended: Undertone was stopped',
};

export const LEG_WORDS: Record<Point['leg'], string> = {
  customer: 'Customer',
  agent: 'Agent',
  mixed: 'Both voices',
};

function otherWord(kind: Piece['kind']): string {
  return kind === 'emotion' ? 'Emotion' : KIND_WORDS[kind];
}
