import { bundleDirectory } from '../../app/bundle-directory.js';
import { readableEngine } from '../../app/classifier.js';
import { loadTried } from '../../app/models/tried-bundle.js';
import type { ModelConfig } from '../../config/index.js';
import { inputLengthOf } from '../../features/index.js';
import type { Bundle, EngineName } from '../../inference/index.js';
import { type Check, type Finding, failed, findingOf, ok } from './check.js';

const TIMED_RUNS = 5;
/** Reading, checking and warming a large model. */
const LIMIT_MS = 120_000;

/** The bundle (files, hashes, fingerprint), the engine that runs it, and the model on trial; the others need the first. */
export function modelChecks(model: ModelConfig): readonly Check[] {
  let bundle: Bundle | undefined;
  return [
    {
      name: 'Model',
      required: true,
      neededFor: 'classifying',
      limitMs: LIMIT_MS,
      async run() {
        const folder = bundleDirectory(model);
        const { loadBundle } = await import('../../inference/index.js');
        const loaded = await loadBundle(folder).catch(findingOf);
        if ('status' in loaded) return loaded;
        bundle = loaded;
        return ok(`${bundle.modelId}, ${bundle.labels.length} labels, ${bundle.frontEnd.sampleRateHz} Hz`);
      },
    },
    {
      name: 'Engine',
      required: true,
      neededFor: 'classifying',
      limitMs: LIMIT_MS,
      run: () =>
        bundle === undefined
          ? failed('not tried without a model', 'Repair the model first.')
          : time(readableEngine(model), bundle).catch(findingOf),
    },
    ...(model.shadow.bundle === null ? [] : [triedCheck(model.shadow.bundle, () => bundle)]),
  ];
}

/** @param besideOf the model that serves, once it has been read */
function triedCheck(folder: string, besideOf: () => Bundle | undefined): Check {
  return {
    name: 'Model on trial',
    required: true,
    neededFor: 'model.shadow',
    limitMs: LIMIT_MS,
    async run() {
      const beside = besideOf();
      if (beside === undefined) return failed('not tried without a model', 'Repair the model first.');
      const tried = await loadTried(folder, beside).catch(findingOf);
      return 'status' in tried ? tried : ok(`${tried.modelId}, beside ${beside.modelId}`);
    },
  };
}

async function time(engine: EngineName, bundle: Bundle): Promise<Finding> {
  const { createClassifier } = await import('../../inference/index.js');
  const classifier = createClassifier(engine, { bundle, threads: 1 });
  try {
    const startMs = performance.now();
    await classifier.start();
    const warmMs = performance.now() - startMs;
    const window = new Float32Array(inputLengthOf(bundle.frontEnd));
    const begin = performance.now();
    for (let run = 0; run < TIMED_RUNS; run++) await classifier.classify(window);
    const windowMs = (performance.now() - begin) / TIMED_RUNS;
    return ok(
      `${engine}, warm after ${(warmMs / 1000).toFixed(1)} s, ${windowMs.toFixed(1)} ms a window on one core`,
    );
  } finally {
    await classifier.close();
  }
}
