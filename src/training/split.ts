import { createHash } from 'node:crypto';
import { UndertoneError } from '../errors.js';
import { refuseLeaks } from './leakage.js';
import type { PreparedClip } from './prepare/manifest.js';
import {
  ANY_CORPUS,
  type DealtFold,
  type Fold,
  type Protocol,
  type RandomFold,
  type SpeakerFold,
} from './protocols.js';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];
export type Split = Readonly<Record<Part, readonly PreparedClip[]>>;

/**
 * The clips of one fold, with the labels that the protocol gives them; a clip that no part asks for, or of a label that
 * is not judged, is left out. No clip is in two parts. Folds of which no test speaker is prepared give an empty test.
 * @param seed decides the draw of a random fold
 * @throws UT_TRAINING_BAD_OPTIONS where nobody would train; UT_TRAINING_LEAK where a recording stands in two parts, unless
 *   the protocol says that it leaks
 */
export function splitBy(protocol: Protocol, fold: Fold, clips: readonly PreparedClip[], seed: string): Split {
  const known = labelled(protocol, clips);
  const split = divide(fold, known, seed);
  if (split.train.length === 0) {
    const seen = [...new Set(clips.map((clip) => clip.speaker))].join(', ') || 'none';
    const detail = `no prepared clip belongs to the train part of ${fold.name}; speakers found: ${seen}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail);
  }
  if (!protocol.leaks) refuseLeaks(split, fold.name);
  return split;
}

function divide(fold: Fold, clips: readonly PreparedClip[], seed: string): Split {
  if (fold.kind === 'random') return drawSplit(fold, clips, seed);
  return fold.kind === 'dealt' ? dealtSplit(fold, clips) : speakerSplit(fold, clips);
}

/** The clips that a protocol judges, under the labels by which it judges them. */
function labelled({ labels, merge = {} }: Protocol, clips: readonly PreparedClip[]): PreparedClip[] {
  return clips
    .map((clip) => ({ ...clip, label: merge[clip.label] ?? clip.label }))
    .filter(({ label }) => labels.includes(label));
}

function speakerSplit(fold: SpeakerFold, clips: readonly PreparedClip[]): Split {
  const choiceOf = (part: Part, clip: PreparedClip) => fold[part][clip.corpus] ?? fold[part][ANY_CORPUS];
  const named = (part: Part, clip: PreparedClip) => {
    const choice = choiceOf(part, clip);
    return (
      choice !== undefined &&
      choice !== 'all' &&
      choice.some((name) => `${clip.corpus}/${name}` === clip.speaker)
    );
  };
  const belongs = (part: Part, clip: PreparedClip) =>
    named(part, clip) || (choiceOf(part, clip) === 'all' && !PARTS.some((other) => named(other, clip)));
  const of = (part: Part) => clips.filter((clip) => belongs(part, clip));
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

function dealtSplit({ index, of }: DealtFold, clips: readonly PreparedClip[]): Split {
  const corpora = new Set(clips.map(({ corpus }) => corpus));
  const tested = new Set(
    [...corpora].flatMap((corpus) => {
      const speakers = new Set(clips.filter((clip) => clip.corpus === corpus).map(({ speaker }) => speaker));
      return [...speakers].sort().filter((_, i) => i % of === index);
    }),
  );
  return {
    train: clips.filter(({ speaker }) => !tested.has(speaker)),
    validation: [],
    test: clips.filter(({ speaker }) => tested.has(speaker)),
  };
}

/** Each clip's part follows from the seed and its own id: one clip more or less moves no other. */
function drawSplit(fold: RandomFold, clips: readonly PreparedClip[], seed: string): Split {
  const validationTo = fold.testShare + fold.validationShare;
  const drawn = clips
    .filter((clip) => fold.corpora.includes(clip.corpus))
    .map((clip) => ({ clip, at: shareOf(`${seed}/${clip.corpus}/${clip.id}`) }));
  const between = (from: number, to: number) =>
    drawn.filter(({ at }) => at >= from && at < to).map(({ clip }) => clip);
  return {
    test: between(0, fold.testShare),
    validation: between(fold.testShare, validationTo),
    train: between(validationTo, 1),
  };
}

/** Uniform in [0, 1), a function of the text alone. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
