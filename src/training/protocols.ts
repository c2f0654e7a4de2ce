import { EMOTIONS } from '../inference/index.js';
import type { EpochQuota } from './data/sampler.js';
import { COUNTS_AS, type SpokenLabel } from './vocabulary.js';

/** Stands for every corpus that is not named. */
export const ANY_CORPUS = '*';

/** Speakers of a corpus; `all` takes whoever no other part of the fold names. {@link ANY_CORPUS} may stand for a name. */
export type SpeakerChoice = Readonly<Record<string, readonly string[] | 'all'>>;

/** Who trains a model, who calibrates it, and who judges it. */
export interface SpeakerFold {
  readonly kind: 'speakers';
  readonly name: string;
  readonly train: SpeakerChoice;
  readonly validation: SpeakerChoice;
  readonly test: SpeakerChoice;
}

/** Clips are drawn whoever speaks them: a model meets its test speakers in training. */
export interface RandomFold {
  readonly kind: 'random';
  readonly name: string;
  readonly corpora: readonly string[];
  readonly testShare: number;
  readonly validationShare: number;
}

/** The speakers of each corpus are dealt into `of` groups, in the order of their names; one group tests, the others train. */
export interface DealtFold {
  readonly kind: 'dealt';
  readonly name: string;
  readonly index: number;
  readonly of: number;
}

export type Fold = SpeakerFold | RandomFold | DealtFold;

/**
 * A way to measure. Every fold is a model of its own; what is reported is pooled over the test clips of all folds. A fold
 * without test speakers makes a model to be shipped, whose figures come from another protocol.
 */
export interface Protocol {
  readonly description: string;
  /** What is told apart; clips of other labels are left out. In the order of the model's outputs. */
  readonly labels: readonly SpokenLabel[];
  /** Labels that count as another one. */
  readonly merge?: Readonly<Partial<Record<SpokenLabel, SpokenLabel>>>;
  /** Labels that a model tells apart and its bundle counts as another one: their probabilities are added. */
  readonly served?: Readonly<Partial<Record<SpokenLabel, SpokenLabel>>>;
  /** Windows of each corpus that an epoch takes, where one would drown another. */
  readonly quota?: EpochQuota;
  /** True where test speakers are heard in training: figures must say so. */
  readonly leaks: boolean;
  readonly folds: readonly Fold[];
  /**
   * The protocol whose models are judged, where no others are trained for this one: it has the same folds, and its labels
   * are these or merged into them.
   */
  readonly modelsOf?: string;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(2, '0'));

const EVERYONE: SpeakerChoice = { [ANY_CORPUS]: 'all' };
const WITH_CALM: readonly SpokenLabel[] = [...EMOTIONS, 'calm'];
const EMODB_LABELS: readonly SpokenLabel[] = [
  'angry',
  'disgust',
  'fear',
  'happy',
  'neutral',
  'sad',
  'boredom',
];
/** What all three corpora have. */
const COMMON_LABELS: readonly SpokenLabel[] = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad'];

const speakers = (
  name: string,
  train: SpeakerChoice,
  test: SpeakerChoice,
  validation: SpeakerChoice = {},
): SpeakerFold => ({ kind: 'speakers', name, train, validation, test });

/** Folds of four actors, 4k−3 … 4k (k = 1 … 5): the usual speaker-independent division of RAVDESS. */
const RAVDESS_FOLDS = [1, 2, 3, 4, 5].map((k) =>
  speakers(`fold-${k}`, EVERYONE, { ravdess: range(4 * k - 3, 4 * k) }),
);

const RAVDESS_QUOTA: EpochQuota = { ravdess: 960, emodb: 320, tess: 256 };

const EMODB_SPEAKERS = ['03', '08', '09', '10', '11', '12', '13', '14', '15', '16'];

/** The protocols that figures are reported by. */
export const PROTOCOLS = {
  'tess-random': {
    description:
      'TESS, 80 % of the clips train and 20 % test, drawn at random. Leaks: both speakers say the same 200 words in every ' +
      'class, so that each test clip has near twins in training. Says nothing about new speakers.',
    labels: EMOTIONS,
    leaks: true,
    folds: [{ kind: 'random', name: 'drawn', corpora: ['tess'], testShare: 0.2, validationShare: 0.05 }],
  },
  'tess-cross-speaker': {
    description:
      'TESS: the older woman (OAF) and all of RAVDESS and Emo-DB train, the younger (YAF) tests, and the other way round.',
    labels: EMOTIONS,
    merge: { calm: 'neutral' },
    quota: { ravdess: 560, emodb: 320, tess: 560 },
    leaks: false,
    folds: [
      speakers('oaf-to-yaf', EVERYONE, { tess: ['YAF'] }),
      speakers('yaf-to-oaf', EVERYONE, { tess: ['OAF'] }),
    ],
  },
  'ravdess-5fold': {
    description:
      'RAVDESS, 8 classes, five folds of four actors: 16 actors, TESS and Emo-DB train, four actors test, in turn.',
    labels: WITH_CALM,
    quota: RAVDESS_QUOTA,
    leaks: false,
    folds: RAVDESS_FOLDS,
  },
  'ravdess-7': {
    description:
      "RAVDESS with Undertone's seven labels, judged by the models of `ravdess-5fold`: calm counts as neutral, their " +
      'probabilities are added.',
    labels: EMOTIONS,
    merge: { calm: 'neutral' },
    leaks: false,
    folds: RAVDESS_FOLDS,
    modelsOf: 'ravdess-5fold',
  },
  'learning-curve': {
    description:
      'How the figure grows with the voices in training: 2, 4, 8 or 16 actors of RAVDESS, and always TESS and Emo-DB, train as in ' +
      '`ravdess-5fold`, the same number of steps; actors 17–20 test each. Every fold is a point of the curve, asked for by itself.',
    labels: WITH_CALM,
    quota: RAVDESS_QUOTA,
    leaks: false,
    folds: [2, 4, 8, 16].map((actors) =>
      speakers(
        `actors-${actors}`,
        { ravdess: range(1, actors), emodb: 'all', tess: 'all' },
        { ravdess: range(17, 20) },
      ),
    ),
  },
  'emodb-loso': {
    description:
      'Emo-DB, 7 classes (boredom among them), leave one speaker out: all other speakers, TESS and RAVDESS train, one tests, ' +
      'in turn.',
    labels: EMODB_LABELS,
    quota: { ravdess: 480, emodb: 480, tess: 256 },
    leaks: false,
    folds: EMODB_SPEAKERS.map((name) => speakers(`speaker-${name}`, EVERYONE, { emodb: [name] })),
  },
  'cross-corpus': {
    description:
      'The six classes that TESS, RAVDESS and Emo-DB share: two corpora train, the third tests, in turn.',
    labels: COMMON_LABELS,
    quota: { ravdess: 960, emodb: 480, tess: 480 },
    leaks: false,
    folds: [
      speakers('to-tess', { ravdess: 'all', emodb: 'all' }, { tess: 'all' }),
      speakers('to-ravdess', { tess: 'all', emodb: 'all' }, { ravdess: 'all' }),
      speakers('to-emodb', { tess: 'all', ravdess: 'all' }, { emodb: 'all' }),
    ],
  },
  'held-out': {
    description:
      'TESS, RAVDESS actors 01–16 and Emo-DB speakers 03–13 train; of these RAVDESS 15–16 and Emo-DB 13 only choose ' +
      'the epoch and calibrate. RAVDESS 17–20 and Emo-DB 14 are heard in the test alone. Calm and boredom are left out.',
    labels: EMOTIONS,
    quota: { ravdess: 1120, emodb: 320, tess: 256 },
    leaks: false,
    folds: [
      speakers(
        'held-out',
        { tess: 'all', ravdess: range(1, 14), emodb: range(3, 12) },
        { ravdess: range(17, 20), emodb: ['14'] },
        { ravdess: range(15, 16), emodb: ['13'] },
      ),
    ],
  },
  'speakers-5fold': {
    description:
      'Whatever corpora are given, with the seven labels (calm counts as neutral, excitement as happy): the speakers of each are ' +
      'dealt into five groups; four train, one tests, in turn.',
    labels: EMOTIONS,
    merge: COUNTS_AS,
    leaks: false,
    folds: [0, 1, 2, 3, 4].map(
      (index): DealtFold => ({ kind: 'dealt', name: `fold-${index + 1}`, index, of: 5 }),
    ),
  },
  release: {
    description:
      'All speakers of whatever corpora are given train: the model to be shipped. It tells calm from neutral and counts both as neutral. ' +
      'Nobody is left to test it; `ravdess-7`, whose models are trained alike, says how good it is on people it never heard.',
    labels: WITH_CALM,
    merge: { excitement: COUNTS_AS.excitement },
    served: { calm: COUNTS_AS.calm },
    quota: { ravdess: 1200, emodb: 400, tess: 256 },
    leaks: false,
    folds: [speakers('everyone', EVERYONE, {})],
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof PROTOCOLS;

/** What each output of a protocol's models counts as, in their order. */
export function outputsOf({ labels, served = {} }: Protocol): readonly SpokenLabel[] {
  return labels.map((label) => served[label] ?? label);
}

/** A protocol by its name, with the fields that not every one has. */
export function protocolOf(name: ProtocolName): Protocol {
  return PROTOCOLS[name];
}
