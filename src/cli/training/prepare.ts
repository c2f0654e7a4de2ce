import { join } from 'node:path';
import type { Command } from 'commander';
import { UndertoneError } from '../../errors.js';
import type { CorpusSource, PrepareOptions } from '../../training/index.js';
import type { CommandContext } from '../context.js';
import type { Terminal } from '../terminal.js';
import { counted, findingLines } from './findings.js';
import { corpusArgument, readFrontEnd, wholeNumber } from './options.js';

interface PrepareFlags {
  readonly out: string;
  readonly check?: true;
  readonly variants: number;
  readonly threads: number;
  readonly seed: string;
  readonly noise?: string;
  readonly holdBackNoise: readonly string[];
  readonly frontEnd?: string;
}

type Training = typeof import('../../training/index.js');

/** `undertone prepare CORPUS…`: recordings → spectrograms, as arrays and as pictures. */
export function registerPrepare(program: Command, { terminal }: CommandContext): void {
  program
    .command('prepare')
    .description('save a spectrogram for every clip of speech corpora')
    .argument(
      '<corpus...>',
      'folders named tess, ravdess, emodb or iemocap, or NAME=FOLDER; own recordings: NAME=folders:FOLDER, NAME=csv:FILE',
    )
    .option('--check', 'say what is odd about the recordings, and write nothing')
    .option('--out <dir>', 'where to write, a folder for each corpus', 'data')
    .option('--variants <n>', 'changed copies of each clip, for training', wholeNumber, 8)
    .option('--noise <dir>', 'background noises that the copies may hold')
    .option('--hold-back-noise <name>', 'a noise that no copy holds, as often as needed', collect, [])
    .option('--front-end <file>', 'front end as JSON (default: the streaming one)')
    .option('--seed <text>', 'seed of all that is random', '1')
    .option('--threads <n>', 'worker threads', wholeNumber, 2)
    .action(async (corpora: string[], flags: PrepareFlags) => {
      const training = await import('../../training/index.js');
      const sources = corpora.map((text) => corpusArgument(text, training.CORPORA));
      if (flags.check === true) return checkAll(sources, training, terminal);
      const options = await optionsOf(flags);
      for (const source of sources)
        await prepareOne(source, { ...options, out: flags.out }, training, terminal);
    });
}

type SharedOptions = Omit<PrepareOptions, 'corpus' | 'corpusFolder' | 'layout'>;

async function optionsOf(flags: PrepareFlags): Promise<Omit<SharedOptions, 'out'>> {
  const { variants, seed, threads, holdBackNoise, noise } = flags;
  const frontEnd = flags.frontEnd === undefined ? {} : { frontEnd: await readFrontEnd(flags.frontEnd) };
  return { ...frontEnd, variants, noiseFolder: noise ?? null, heldBackNoises: holdBackNoise, seed, threads };
}

/** @param options `out` is the folder of all corpora */
async function prepareOne(
  { path, ...named }: CorpusSource,
  options: SharedOptions,
  training: Training,
  terminal: Terminal,
): Promise<void> {
  const { corpus } = named;
  const out = join(options.out, corpus);
  const bar = training.showProgress(process.stderr, corpus);
  const preparing = training.prepareCorpus({
    ...options,
    ...named,
    corpusFolder: path,
    out,
    onProgress: bar.show,
  });
  const { prepared, kept, leftOut, unlabelled, findings, findingsFile } = await preparing.finally(bar.stop);
  for (const line of findingLines(findings, training.isError, findingsFile)) terminal.err(line);
  terminal.out(
    `${corpus}: ${prepared} clips prepared, ${kept} there already, ${leftOut} left out, ${unlabelled} without a label → ${out}\n`,
  );
}

/** @throws UT_TRAINING_BAD_CORPUS, once all is said, where a finding would teach a model something false */
async function checkAll(
  sources: readonly CorpusSource[],
  training: Training,
  terminal: Terminal,
): Promise<void> {
  let wrong = 0;
  for (const source of sources) {
    const bar = training.showProgress(process.stderr, source.corpus);
    const { listing, findings } = await training.checkCorpus(source, bar.show).finally(bar.stop);
    for (const line of findingLines(findings, training.isError, null)) terminal.out(line);
    const labels = counted(listing.clips.map(({ label, corpusLabel }) => label ?? corpusLabel));
    const speakers = new Set(listing.clips.map(({ speaker }) => speaker)).size;
    terminal.out(`${source.corpus}: ${listing.clips.length} recordings, ${speakers} speakers; ${labels}\n`);
    terminal.out(
      `${source.corpus}: ${counted(findings.map(({ kind }) => kind)) || 'nothing odd was found'}\n`,
    );
    wrong += findings.filter(training.isError).length;
  }
  if (wrong === 0) return;
  const remedy = 'Correct names, folders or manifest, or take the recordings out.';
  const detail = `${wrong} recordings contradict what is said of them.`;
  throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, {
    place: 'the lines that begin with "wrong"',
    remedy,
  });
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
