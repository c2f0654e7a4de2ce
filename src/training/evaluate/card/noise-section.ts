import { groupBy } from '../../group.js';
import { NOISE_SNRS_DB } from '../conditions.js';
import type { Evaluation } from '../evaluation.js';
import { meanLevels, type NoiseLevel, type NoiseResult } from '../noise-grid.js';
import { percent } from '../text-report.js';
import { table } from './markdown.js';

/** UA by clip in noise, under µ-law: means first, then each recording. */
export function noiseSection({ noise }: Evaluation): string[] {
  if (noise.length === 0) return [];
  return [
    '## In noise',
    '',
    'UA by clip through G.711 µ-law, by how far speech lies above the noise. `not in training`: no training clip held this recording.',
    '',
    ...[...groupBy(noise, ({ corpus }) => corpus)].flatMap(([corpus, results]) =>
      corpusTable(corpus, results),
    ),
  ];
}

function corpusTable(corpus: string, results: readonly NoiseResult[]): string[] {
  return [
    `### ${corpus}, ${results[0]!.clips} clips`,
    '',
    ...table(
      ['noise', ...NOISE_SNRS_DB.map((snrDb) => `${snrDb} dB`)],
      [
        ...noiseMeans(results).map(({ title, levels }) => [`**${title}**`, ...levels.map(cell)]),
        ...results.map(({ noise, heard, levels }) => [`${noise}${heardNote(heard)}`, ...levels.map(cell)]),
      ],
    ),
  ];
}

const cell = ({ byClip }: NoiseLevel) => percent(byClip);

function heardNote(heard: boolean | null): string {
  if (heard === null) return '';
  return heard ? ' (in training)' : ' (not in training)';
}

/** Means over the noises that training held and over those that it did not, as far as there are any. */
export function noiseMeans(
  results: readonly NoiseResult[],
): { readonly title: string; readonly kind: string; readonly levels: readonly NoiseLevel[] }[] {
  const kinds = [
    { kind: 'in training', own: results.filter(({ heard }) => heard === true) },
    { kind: 'not in training', own: results.filter(({ heard }) => heard === false) },
    { kind: 'all', own: results },
  ];
  return kinds
    .filter(({ own }) => own.length > 0)
    .map(({ kind, own }) => ({ kind, title: `mean: ${kind} (${own.length})`, levels: meanLevels(own) }));
}
