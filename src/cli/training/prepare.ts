import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { corpusArgument, readFrontEnd, wholeNumber } from './options.js';

interface PrepareFlags {
  readonly out: string;
  readonly variants: number;
  readonly threads: number;
  readonly seed: string;
  readonly noise?: string;
  readonly holdBackNoise: readonly string[];
  readonly frontEnd?: string;
}

/** `undertone prepare CORPUS…`: recordings → spectrograms, as arrays and as pictures. */
export function registerPrepare(program: Command, { terminal }: CommandContext): void {
  program
    .command('prepare')
    .description('save a spectrogram for every clip of speech corpora')
    .argument('<corpus...>', 'folders named tess, ravdess or emodb, or NAME=FOLDER')
    .option('--out <dir>', 'where to write, a folder for each corpus', 'data')
    .option('--variants <n>', 'changed copies of each clip, for training', wholeNumber, 8)
    .option('--noise <dir>', 'background noises that the copies may hold')
    .option('--hold-back-noise <name>', 'a noise that no copy holds, as often as needed', collect, [])
    .option('--front-end <file>', 'front end as JSON (default: the streaming one)')
    .option('--seed <text>', 'seed of all that is random', '1')
    .option('--threads <n>', 'worker threads', wholeNumber, 2)
    .action(async (corpora: string[], flags: PrepareFlags) => {
      const { CORPORA, prepareCorpus, showProgress } = await import('../../training/index.js');
      const frontEnd = flags.frontEnd === undefined ? {} : { frontEnd: await readFrontEnd(flags.frontEnd) };
      for (const { corpus, folder } of corpora.map((text) => corpusArgument(text, CORPORA))) {
        const out = join(flags.out, corpus);
        const bar = showProgress(process.stderr, corpus);
        const summary = await prepareCorpus({
          corpus,
          corpusFolder: folder,
          out,
          ...frontEnd,
          variants: flags.variants,
          noiseFolder: flags.noise ?? null,
          heldBackNoises: flags.holdBackNoise,
          seed: flags.seed,
          threads: flags.threads,
          onProgress: bar.show,
        }).finally(bar.stop);
        for (const warning of summary.warnings) terminal.err(`left out: ${warning}\n`);
        const { prepared, kept, unlabelled } = summary;
        terminal.out(
          `${corpus}: ${prepared} clips prepared, ${kept} there already, ${unlabelled} without a label → ${out}\n`,
        );
      }
    });
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
