import { join } from 'node:path';
import type { Command } from 'commander';
import type { FrontEnd } from '../../features/index.js';
import type { CheckResult, ImportSummary } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import { number } from '../training/options.js';
import { listed, settingsOf } from './settings.js';

interface ImportFlags {
  readonly labels: readonly string[];
  readonly name?: string;
  readonly out?: string;
  readonly frontEnd?: string;
  readonly with: readonly string[];
  readonly windowSeconds?: number;
  readonly logits: boolean;
  readonly check?: string;
  readonly tolerance?: number;
}

/** `undertone import MODEL`: a VGG16 that was trained elsewhere → bundle. */
export function registerImport(program: Command, { terminal }: CommandContext): void {
  program
    .command('import')
    .description(
      'make a bundle of a VGG16 that Keras saved (.keras or .h5), with the front end it was trained on',
    )
    .argument('<model>', 'file that model.save() wrote')
    .requiredOption('--labels <names>', 'what the outputs mean, in their order: angry,disgust,…', listed)
    .option('--name <name>', "name of the model, as it stands on every result (default: the file's)")
    .option('--out <dir>', 'folder of the bundle (default: models/NAME)')
    .option('--front-end <file>', "JSON with the fields that differ from librosa's defaults (docs/import.md)")
    .option(
      '--with <field=value>',
      'one field, as often as needed: --with picture.preprocessing=caffe',
      (field: string, before: readonly string[]) => [...before, field],
      [],
    )
    .option('--window-seconds <x>', 'length of the recordings that it was trained on', number)
    .option('--logits', 'the model ends without softmax; one is put behind it', false)
    .option(
      '--check <dir>',
      'answers to compare with: inputs.npy and outputs.npy, or recordings and expected.csv',
    )
    .option(
      '--tolerance <x>',
      'largest difference of a probability (default: 0.0001 for inputs, 0.01 for recordings)',
      number,
    )
    .action(async (file: string, flags: ImportFlags) => {
      const training = await import('../../training/index.js');
      const name = flags.name ?? nameOf(file);
      const bundle = flags.out ?? join('models', name);
      const { tolerance, windowSeconds, check } = flags;
      const summary = await training.importModel({
        file,
        bundle,
        name,
        labels: flags.labels,
        frontEnd: await settingsOf(flags.frontEnd, flags.with),
        frontEndPlace: flags.frontEnd ?? '--with',
        logits: flags.logits,
        ...(windowSeconds === undefined ? {} : { windowSeconds }),
        ...(check === undefined ? {} : { check }),
        ...(tolerance === undefined ? {} : { tolerances: { inputs: tolerance, audio: tolerance } }),
      });
      const { describeFilters } = await import('../../inference/index.js');
      terminal.out(textOf(summary, bundle, describeFilters(summary.architecture.filters)));
      if (check === undefined) terminal.err(UNCHECKED);
    });
}

const UNCHECKED =
  'note: nothing was compared. A wrong front end makes no error, only wrong answers: give --check with some answers of your own.\n';

function nameOf(file: string): string {
  const last = file.split(/[\\/]/).at(-1)!;
  return last.replace(/\.[^.]*$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '-');
}

function textOf(
  { modelId, architecture, labels, frontEnd, fingerprint, checks }: ImportSummary,
  bundle: string,
  filters: string,
): string {
  const { head, inputShape } = architecture;
  const dense = [...head.dense, architecture.classes].join(', ');
  const lines = [
    `${modelId} → ${bundle}`,
    `model      VGG16, ${filters}, input ${inputShape.join('×')}, ${head.pooling}, Dense ${dense}`,
    `labels     ${labels.join(', ')}`,
    `window     ${windowText(frontEnd)}`,
    `picture    ${frontEnd.picture ? JSON.stringify(frontEnd.picture) : 'none: the window itself'}`,
    `front end  ${fingerprint.slice(0, 12)}`,
    ...checks.map(checkText),
  ];
  return `${lines.join('\n')}\n`;
}

function windowText({ windowFrames, windowHopFrames, hopLength, sampleRateHz, nMels }: FrontEnd): string {
  const seconds = (frames: number) => ((frames * hopLength) / sampleRateHz).toFixed(2);
  return `${windowFrames} frames of ${nMels} bands at ${sampleRateHz} Hz (${seconds(windowFrames)} s), one each ${seconds(windowHopFrames)} s`;
}

function checkText({ kind, count, largestDifference, worst, tolerance }: CheckResult): string {
  return `checked    ${count} ${kind}: largest difference ${largestDifference.toExponential(1)} (${worst}), ${tolerance} is allowed`;
}
