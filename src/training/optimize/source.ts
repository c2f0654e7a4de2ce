import { UndertoneError } from '../../errors.js';
import { frameFingerprintOf } from '../../features/index.js';
import { type Bundle, type KerasModel, loadBundle, loadFloat32 } from '../../inference/index.js';
import { type Dataset, duplicateNotes, openDataset } from '../data/dataset.js';
import { trainingProtocol } from '../evaluate/training-record.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { outputsOf, PROTOCOLS, type ProtocolName, protocolOf } from '../protocols.js';
import { type Split, splitBy } from '../split.js';
import type { JudgedOn } from './report.js';

/** The model to be made small, and the speech to do it by. */
export interface OptimizationSource {
  readonly bundle: Bundle;
  readonly model: KerasModel;
  readonly dataset: Dataset;
  readonly protocol: ProtocolName;
  readonly fold: string;
  /** Clips of speakers that the model knows: what may decide how it is changed. */
  readonly known: readonly PreparedClip[];
  /** Clips by which the change is judged. */
  readonly judged: readonly PreparedClip[];
  readonly judgedOn: JudgedOn;
}

export interface SourceOptions {
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Directories written by `undertone prepare`. */
  readonly data: readonly string[];
  /** Default: what the bundle was trained by. */
  readonly protocol?: ProtocolName;
  readonly fold?: string;
  /** Told of what is odd and can be lived with. */
  readonly onWarning?: (text: string) => void;
}

/** @throws UT_TRAINING_BAD_DATA, UT_TRAINING_BAD_OPTIONS, and those of loadBundle and loadFloat32 */
export async function openSource(options: SourceOptions): Promise<OptimizationSource> {
  const bundle = await loadBundle(options.bundle);
  const { model } = await loadFloat32(options.bundle);
  const dataset = await openDataset(options.data);
  if (dataset.fingerprint !== frameFingerprintOf(bundle.frontEnd)) {
    const detail = `it was prepared for another front end than that of ${bundle.name}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place: options.data[0]! });
  }
  for (const note of duplicateNotes(dataset)) options.onWarning?.(note);
  const { protocol, fold, split } = splitOf(options, bundle, dataset);
  const known = [...split.train, ...split.validation];
  const own = trainingProtocol(bundle.training) === protocol;
  const facts = { bundle, model, dataset, protocol, fold, known };
  const judged = split.test.length === 0 ? known : split.test;
  return {
    ...facts,
    judged: asServed(judged, protocol),
    judgedOn: split.test.length === 0 ? 'train' : own ? 'test' : 'other-test',
  };
}

/** Clips under the labels by which a bundle of the protocol answers. */
function asServed(clips: readonly PreparedClip[], protocol: ProtocolName): readonly PreparedClip[] {
  const { served = {} } = protocolOf(protocol);
  return clips.map((clip) => ({ ...clip, label: served[clip.label] ?? clip.label }));
}

function splitOf(
  options: SourceOptions,
  { labels, outputs = labels, training }: Bundle,
  dataset: Dataset,
): { readonly protocol: ProtocolName; readonly fold: string; readonly split: Split } {
  const protocol = options.protocol ?? trainingProtocol(training);
  if (protocol === null) {
    const detail = `the bundle names no protocol; choose one of ${Object.keys(PROTOCOLS).join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
  }
  const { folds } = protocolOf(protocol);
  const judged = outputsOf(protocolOf(protocol));
  const wanted = options.fold ?? training.fold;
  const fold = folds.length === 1 ? folds[0] : folds.find(({ name }) => name === wanted);
  if (fold === undefined) {
    const detail = `a fold must be named: ${protocol} has ${folds.map(({ name }) => name).join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--fold' });
  }
  if (`${judged}` !== `${outputs}`) {
    const detail = `${protocol} judges ${judged.join(', ')}; the model knows ${outputs.join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--protocol' });
  }
  const settings = training.settings as { readonly seed?: string } | undefined;
  const split = splitBy(protocolOf(protocol), fold, dataset.clips, settings?.seed ?? '1');
  return { protocol, fold: fold.name, split };
}
