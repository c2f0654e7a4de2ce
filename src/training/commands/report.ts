import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type Bundle, createOnnxClassifier, loadBundle } from '../../inference/index.js';
import { openDataset } from '../data/dataset.js';
import { testClips } from '../evaluate/evaluate-bundle.js';
import type { Evaluation } from '../evaluate/evaluation.js';
import { readEvaluation } from '../evaluate/evaluation-file.js';
import { type JudgedModel, judgedModel } from '../evaluate/judge.js';
import { balancedSubset } from '../evaluate/judge-bundle.js';
import { writeFileAtomically } from '../files.js';
import { readOptimization } from '../optimize/read-optimization.js';
import type { ProtocolName } from '../protocols.js';
import { demoClips, type ExampleClip, preparedExamples, surestWindows } from '../report/hearing/examples.js';
import { type HeardWindow, hearWindows } from '../report/hearing/hearing.js';
import { renderReport } from '../report/page.js';
import { reportStyles } from '../report/styles.js';

export interface ReportOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Prepared directories whose test clips are looked at. Default: the synthetic voices of the demo. */
  readonly data: readonly string[];
  /** Default: `evaluation.json` in the bundle. */
  readonly evaluation?: string;
  /** Evaluations by other protocols, to stand beside it. */
  readonly beside: readonly string[];
  /** Default: `report.html` in the bundle. */
  readonly out?: string;
}

/** Clips of each corpus among which examples are looked for. */
const EXAMPLE_CLIPS = 84;

/**
 * Writes the page about a bundle: its figures, and what it hears.
 * @returns where it was written
 * @throws UT_TRAINING_BAD_DATA where the bundle was not evaluated, UT_TRAINING_BAD_OPTIONS, and those of loadBundle
 */
export async function writeReport(options: ReportOptions): Promise<string> {
  const bundle = await loadBundle(options.bundle);
  const place = options.evaluation ?? join(options.bundle, 'evaluation.json');
  const evaluation = await readEvaluation(place);
  requireOwn(bundle, evaluation, place);
  const others = await Promise.all(options.beside.map(readEvaluation));
  const optimization = await readOptimization(options.bundle, bundle);
  const windows = await lookAt(bundle, evaluation, options.data);
  const out = options.out ?? join(options.bundle, 'report.html');
  await mkdir(dirname(out), { recursive: true });
  const styles = await reportStyles();
  await writeFileAtomically(out, renderReport({ bundle, evaluation, others, windows, optimization, styles }));
  return out;
}

/** Folds have models of their own, which no bundle holds; any other evaluation is of one bundle alone. */
function requireOwn({ modelId }: Bundle, evaluation: Evaluation, place: string): void {
  if (evaluation.recipe !== undefined || evaluation.modelId === modelId) return;
  const detail = `it is of ${evaluation.modelId}, the bundle is ${modelId}. Run \`undertone evaluate\` again.`;
  throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
}

async function lookAt(
  bundle: Bundle,
  evaluation: Evaluation,
  data: readonly string[],
): Promise<HeardWindow[]> {
  const classifier = createOnnxClassifier({ bundle });
  await classifier.start();
  try {
    const model = judgedModel(bundle, classifier);
    return await hearWindows(
      model,
      await surestWindows(model, await exampleClips(model, bundle, evaluation, data)),
    );
  } finally {
    await classifier.close();
  }
}

async function exampleClips(
  { frontEnd }: JudgedModel,
  bundle: Bundle,
  { protocol, seed }: Evaluation,
  data: readonly string[],
): Promise<ExampleClip[]> {
  if (data.length === 0) return demoClips(frontEnd);
  const dataset = await openDataset(data);
  const test = testClips({ bundle, dataset, seed, protocol: protocol as ProtocolName });
  return preparedExamples(dataset, balancedSubset(test, EXAMPLE_CLIPS, seed));
}
