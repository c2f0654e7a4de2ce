import { UndertoneError } from '../../errors.js';
import { noiseNames } from '../prepare/noises.js';
import { type ProtocolName, protocolOf } from '../protocols.js';
import { type Split, splitBy } from '../split.js';
import { type Evaluation, evaluationOf } from './evaluation.js';
import { type JudgeBundleOptions, judgeBundle } from './judge-bundle.js';
import type { ClipJudgement } from './judgements.js';
import { noisesInTraining, trainingProtocol } from './training-record.js';

export interface EvaluateBundleOptions extends Omit<JudgeBundleOptions, 'clips'> {
  readonly protocol: ProtocolName;
}

/** Judges a bundle on the test part of a protocol. */
export async function evaluateBundle(
  options: EvaluateBundleOptions,
): Promise<{ readonly evaluation: Evaluation; readonly judgements: readonly ClipJudgement[] }> {
  const { bundle, dataset, protocol, seed, lines } = options;
  const test = testClips(options);
  const judgements = await judgeBundle({ ...options, clips: test });
  const trainedBy = trainingProtocol(bundle.training);
  const heard = trainedBy && speakersHeard(splitOf(options, trainedBy));
  const facts = {
    modelId: bundle.modelId,
    labels: bundle.labels,
    protocol,
    description: protocolOf(protocol).description,
    trainedBy,
    leaks: heard && test.some(({ speaker }) => heard.has(speaker)),
    noises: lines === null ? [] : await noiseNames(lines.noiseFolder, []),
    noisesHeard: noisesInTraining(bundle.training),
    duplicates: dataset.duplicates.length,
    seed,
  };
  return { evaluation: evaluationOf(facts, [judgements]), judgements };
}

/**
 * The clips that a protocol tests the bundle by.
 * @throws UT_TRAINING_BAD_OPTIONS where it leaves nobody to test, or nobody of them was prepared
 */
export function testClips(options: TestedBundle & { readonly protocol: ProtocolName }): Split['test'] {
  const { test } = splitOf(options, options.protocol);
  if (test.length > 0) return test;
  const detail = `by the protocol ${options.protocol} no prepared clip is left to test with. Name another one, or prepare its test speakers.`;
  throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
}

type TestedBundle = Pick<EvaluateBundleOptions, 'bundle' | 'dataset' | 'seed'>;

/** The split of the fold that the bundle was trained by; of another protocol, its first fold. */
function splitOf({ bundle, dataset, seed }: TestedBundle, name: ProtocolName): Split {
  const protocol = protocolOf(name);
  const fold = protocol.folds.find((known) => known.name === bundle.training.fold) ?? protocol.folds[0]!;
  return splitBy(protocol, fold, dataset.clips, seed);
}

function speakersHeard({ train, validation }: Split): ReadonlySet<string> {
  return new Set([...train, ...validation].map(({ speaker }) => speaker));
}
