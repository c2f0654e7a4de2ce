import { join, resolve } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { loadBundle, loadFloat32, vgg16Of } from '../../inference/index.js';
import { writeFileAtomically } from '../files.js';
import type { RunListener } from '../fit/run.js';
import { DEFAULT_TRAINING } from '../fit/settings.js';
import { drawWindows } from '../optimize/calibration-windows.js';
import { compareBuilds, type JudgedBuild, judgeBuild } from '../optimize/measure.js';
import { quantizeBundle } from '../optimize/quantize-bundle.js';
import { filterImportance } from '../optimize/rank-filters.js';
import { OPTIMIZATION_FILE, type Optimization } from '../optimize/report.js';
import { type PruneTarget, shrink } from '../optimize/shrink.js';
import { type OptimizationSource, openSource, type SourceOptions } from '../optimize/source.js';
import { removeResults } from './evaluate.js';
import { recordedCalibration } from './fold-figures.js';
import { trainBundle } from './train.js';

/** Epochs of training after pruning. */
export const PRUNED_EPOCHS = 20;

/** Pruning, and training the rest again with the whole model as its teacher. */
export interface PruneOptions {
  readonly target: PruneTarget;
  /** Folder for checkpoints and the log; an unfinished run in it goes on. */
  readonly run: string;
  /** Default {@link PRUNED_EPOCHS}. */
  readonly epochs?: number;
  /** Highest rate of Adam. Default 0.0005: the weights are near a good place already. */
  readonly learningRate?: number;
}

export interface OptimizeOptions extends SourceOptions {
  /** Folder and name of the bundle to write. */
  readonly out: string;
  readonly name: string;
  readonly prune?: PruneOptions;
  /** Write an integer build, which is run from then on. */
  readonly int8?: {
    /** Leave model.keras out; this command makes it again. */
    readonly withoutFloat32?: string;
  };
  /** Decides the windows by which activations are measured, and the training after pruning. Default `1`. */
  readonly seed?: string;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  readonly listener?: RunListener;
}

export interface OptimizeSummary {
  readonly modelId: string;
  readonly optimization: Optimization;
}

/**
 * Makes a bundle smaller and faster: takes filters away and trains the rest again, computes in integers, or both.
 * Every step is judged on the same clips, and all are timed side by side; the bundle holds the figures.
 * @throws UT_TRAINING_BAD_OPTIONS, UT_TRAINING_BAD_DATA, UT_INFERENCE_NOT_VGG16 and those of loadBundle and trainBundle
 */
export async function optimizeBundle(options: OptimizeOptions): Promise<OptimizeSummary> {
  checkOptions(options);
  const { out, name, int8, seed = '1', now = Date.now } = options;
  const source = await openSource(options);
  const { dataset, known, judged: clips } = source;
  const windows = await drawWindows(dataset, known, source.bundle.frontEnd, seed);
  const builds: JudgedBuild[] = [await judgeBuild('before', options.bundle, source.bundle, dataset, clips)];
  const judge = async (step: string) => {
    builds.push(await judgeBuild(step, out, await loadBundle(out), dataset, clips));
  };
  let { bundle, model }: Pick<OptimizationSource, 'bundle' | 'model'> = source;
  if (options.prune) {
    await trainPruned(options, options.prune, source, windows);
    const pruned = await loadFloat32(out);
    [bundle, model] = [pruned, pruned.model];
    await judge('pruned');
  }
  if (int8) {
    await removeResults(out);
    await quantizeBundle({
      bundle,
      model,
      windows,
      out,
      name,
      createdAt: new Date(now()).toISOString(),
      ...int8,
    });
    await judge('int8');
  }
  const optimization: Optimization = {
    protocol: source.protocol,
    fold: source.fold,
    judgedOn: source.judgedOn,
    calibration: { windows: windows.length, seed },
    builds: await compareBuilds(builds),
  };
  await writeFileAtomically(join(out, OPTIMIZATION_FILE), `${JSON.stringify(optimization, null, 2)}\n`);
  return { modelId: optimization.builds.at(-1)!.modelId, optimization };
}

function checkOptions({ prune, int8, bundle, out }: OptimizeOptions): void {
  if (!prune && !int8) {
    const detail = 'nothing is to be done: --int8, --prune or --target-bytes say what.';
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail);
  }
  if (prune && resolve(bundle) === resolve(out)) {
    const detail = 'a pruned model needs a folder of its own: the whole one is its teacher.';
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--out' });
  }
}

async function trainPruned(
  options: OptimizeOptions,
  { target, run, epochs = PRUNED_EPOCHS, learningRate = 5e-4 }: PruneOptions,
  { bundle, model, protocol, fold }: OptimizationSource,
  windows: readonly Float32Array[],
): Promise<void> {
  const network = vgg16Of(model, `model "${model.name}"`);
  const importance = await filterImportance(network, windows);
  const initial = await shrink(model, importance, target, options.int8 !== undefined);
  const { filters, batchNorm, head } = vgg16Of(initial, 'the pruned model').architecture;
  const calibration = recordedCalibration(bundle.training);
  await trainBundle({
    data: options.data,
    protocol,
    fold,
    run,
    bundle: options.out,
    name: options.name,
    recipe: {
      description: `What is left of ${bundle.modelId}, trained again.`,
      filters,
      batchNorm,
      head,
      deltaWidth: bundle.frontEnd.deltaWidth ?? null,
      settings: {
        ...DEFAULT_TRAINING,
        seed: options.seed ?? DEFAULT_TRAINING.seed,
        epochs,
        rate: { ...DEFAULT_TRAINING.rate, peak: learningRate },
      },
    },
    prior: { initial, teachers: [model] },
    // Learnt of the whole model; it holds where the protocol leaves nobody to calibrate with.
    ...(calibration && { calibration }),
    ...(options.now && { now: options.now }),
    ...(options.listener && { listener: options.listener }),
    ...(options.onWarning && { onWarning: options.onWarning }),
  });
}
