import { UndertoneError } from '../errors.js';
import type { EpochQuota } from './data/sampler.js';
import type { PreparedClip } from './prepare/manifest.js';
import { Random } from './random.js';

/** Speakers of a corpus; `all` takes whoever no other part of the protocol names. */
export type SpeakerChoice = Readonly<Record<string, readonly string[] | 'all'>>;

/** Who trains a model, who chooses it, and who judges it. */
export interface SpeakerProtocol {
  readonly kind: 'speakers';
  readonly description: string;
  /** Windows of each corpus that an epoch takes, where one would drown another. */
  readonly quota?: EpochQuota;
  readonly train: SpeakerChoice;
  readonly validation: SpeakerChoice;
  readonly test: SpeakerChoice;
}

/** Clips are drawn whoever speaks them: a model meets its test speakers in training. */
export interface RandomProtocol {
  readonly kind: 'random';
  readonly description: string;
  readonly corpora: readonly string[];
  readonly testShare: number;
  readonly validationShare: number;
}

export type Protocol = SpeakerProtocol | RandomProtocol;

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(2, '0'));

/** The protocols that figures are reported by. */
export const PROTOCOLS = {
  release: {
    kind: 'speakers',
    description:
      'TESS, RAVDESS actors 01–16 and Emo-DB speakers 03–13 train; of these RAVDESS 15–16 and Emo-DB 13 only choose ' +
      'the epoch and calibrate. RAVDESS 17–20 and Emo-DB 14 are heard in the test alone.',
    quota: { ravdess: 1120, emodb: 320, tess: 256 },
    train: { tess: 'all', ravdess: range(1, 14), emodb: range(3, 12) },
    validation: { ravdess: range(15, 16), emodb: ['13'] },
    test: { ravdess: range(17, 20), emodb: ['14'] },
  },
  'tess-random': {
    kind: 'random',
    description:
      'TESS, 80 % of the clips train and 20 % test, drawn at random. Leaks: both speakers say the same 200 words in every ' +
      'class, so that each test clip has near twins in training. Says nothing about new speakers.',
    corpora: ['tess'],
    testShare: 0.2,
    validationShare: 0.05,
  },
  'tess-oaf-to-yaf': {
    kind: 'speakers',
    description:
      'TESS, the older woman (OAF) trains, the younger (YAF) tests; nobody is left to choose the epoch.',
    train: { tess: ['OAF'] },
    validation: {},
    test: { tess: ['YAF'] },
  },
  'tess-yaf-to-oaf': {
    kind: 'speakers',
    description:
      'TESS, the younger woman (YAF) trains, the older (OAF) tests; nobody is left to choose the epoch.',
    train: { tess: ['YAF'] },
    validation: {},
    test: { tess: ['OAF'] },
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];
export type Split = Readonly<Record<Part, readonly PreparedClip[]>>;

/**
 * Divides clips by a protocol; a clip that no part asks for is left out. No clip is in two parts.
 * @param seed decides the draw of a random protocol
 * @throws UT_TRAINING_BAD_OPTIONS where training or test would be empty
 */
export function splitBy(protocol: Protocol, clips: readonly PreparedClip[], seed: string): Split {
  const split = divide(protocol, clips, seed);
  for (const part of ['train', 'test'] as const) {
    if (split[part].length > 0) continue;
    const seen = [...new Set(clips.map((clip) => clip.speaker))].join(', ') || 'none';
    throw new UndertoneError(
      'UT_TRAINING_BAD_OPTIONS',
      `no prepared clip belongs to the ${part} part; speakers found: ${seen}.`,
    );
  }
  return split;
}

/** The speakers among `clips` that train a protocol's model, choose its epoch or calibrate it. */
export function speakersHeard(
  protocol: Protocol,
  clips: readonly PreparedClip[],
  seed: string,
): ReadonlySet<string> {
  const { train, validation } = divide(protocol, clips, seed);
  return new Set([...train, ...validation].map(({ speaker }) => speaker));
}

function divide(protocol: Protocol, clips: readonly PreparedClip[], seed: string): Split {
  return protocol.kind === 'random' ? drawSplit(protocol, clips, seed) : speakerSplit(protocol, clips);
}

function speakerSplit(protocol: SpeakerProtocol, clips: readonly PreparedClip[]): Split {
  const named = (part: Part, clip: PreparedClip) => {
    const choice = protocol[part][clip.corpus];
    return (
      choice !== undefined &&
      choice !== 'all' &&
      choice.some((name) => `${clip.corpus}/${name}` === clip.speaker)
    );
  };
  const belongs = (part: Part, clip: PreparedClip) =>
    named(part, clip) ||
    (protocol[part][clip.corpus] === 'all' && !PARTS.some((other) => named(other, clip)));
  const of = (part: Part) => clips.filter((clip) => belongs(part, clip));
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

function drawSplit(protocol: RandomProtocol, clips: readonly PreparedClip[], seed: string): Split {
  const chosen = clips.filter((clip) => protocol.corpora.includes(clip.corpus));
  const shuffled = new Random(`${seed}/split`).shuffle(chosen);
  const test = Math.round(shuffled.length * protocol.testShare);
  const validation = test + Math.round(shuffled.length * protocol.validationShare);
  return {
    test: shuffled.slice(0, test),
    validation: shuffled.slice(test, validation),
    train: shuffled.slice(validation),
  };
}
