import { describeFilters } from '../../inference/index.js';

/** Name of the file in a bundle. */
export const OPTIMIZATION_FILE = 'optimization.json';

/** How well one build did on the clips of one corpus. Shares of 1. */
export interface BuildAccuracy {
  readonly corpus: string;
  readonly clips: number;
  readonly byClip: { readonly unweightedAccuracy: number; readonly accuracy: number };
  readonly byWindow: { readonly unweightedAccuracy: number; readonly accuracy: number };
}

/** One state of the model on its way to the small one. */
export interface Build {
  /** `before`, `pruned`, `int8`. */
  readonly step: string;
  readonly modelId: string;
  /** [13] of each convolution. */
  readonly filters: readonly number[];
  /** Size of the file that is run. */
  readonly bytes: number;
  /** A window on one thread; all builds side by side. */
  readonly windowMs: number;
  /** Share of the windows that get the label that the first build gives them. */
  readonly sameLabel: number;
  readonly accuracy: readonly BuildAccuracy[];
}

/**
 * Whose clips the figures are from: test speakers; test speakers of a protocol that the model was not trained by, so that
 * it may know them; or training speakers, where the fold has no others.
 */
export type JudgedOn = 'test' | 'other-test' | 'train';

const HEARD: Readonly<Record<JudgedOn, string>> = {
  test: 'speakers that no build was trained by',
  'other-test': 'the test speakers of a protocol that the model was not trained by: it may know them',
  train: 'the training speakers: the fold has no others, so the accuracies say nothing about new people',
};

/** `optimization.json`: what was done to make a bundle small, and what it cost. */
export interface Optimization {
  readonly protocol: string;
  readonly fold: string;
  readonly judgedOn: JudgedOn;
  /** Windows of training and validation speakers by which activations were measured, and their seed. */
  readonly calibration: { readonly windows: number; readonly seed: string };
  /** In the order in which they were made; the last is the bundle's. */
  readonly builds: readonly Build[];
}

/** The section of a model card, in Markdown. */
export function renderOptimization({ builds, calibration, judgedOn, protocol, fold }: Optimization): string {
  return [
    '## Made small',
    '',
    `Judged on ${HEARD[judgedOn]} (\`${protocol}\`, ${fold}). Speed: one thread, the builds in turn. Activations were measured on ` +
      `${calibration.windows} windows of speakers that trained or calibrated the model.`,
    '',
    '| build | filters | file | a window | same label | UA / WA by clip | UA / WA by window |',
    '|---|---|---|---|---|---|---|',
    ...builds.map(rowOf),
    '',
  ].join('\n');
}

function rowOf({ step, filters, bytes, windowMs, sameLabel, accuracy }: Build): string {
  const of = (kind: 'byClip' | 'byWindow') =>
    accuracy
      .map((one) => {
        const { unweightedAccuracy, accuracy: weighted } = one[kind];
        return `${one.corpus} ${percent(unweightedAccuracy)} / ${percent(weighted)}`;
      })
      .join(', ');
  const size = `${(bytes / 1e6).toFixed(2)} MB`;
  return `| ${step} | ${describeFilters(filters)} | ${size} | ${windowMs.toFixed(2)} ms | ${percent(sameLabel)} % | ${of('byClip')} | ${of('byWindow')} |`;
}

const percent = (share: number) => (share * 100).toFixed(1);
