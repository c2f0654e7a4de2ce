import { NOISE_SNRS_DB } from '../../evaluate/conditions.js';
import type { NoiseLevel, NoiseResult } from '../../evaluate/noise-grid.js';
import type { Html } from '../html.js';
import { endLabels, line, type Point, plot, SHARE_TICKS } from './plot.js';

/** The mean of some noises. */
export interface NoiseMean {
  readonly title: string;
  readonly levels: readonly NoiseLevel[];
}

/** UA by clip over the distance of speech and noise: each noise thin, the means thick. */
export function noiseChart(
  title: string,
  results: readonly NoiseResult[],
  means: readonly NoiseMean[],
): Html {
  const steps = NOISE_SNRS_DB.length - 1;
  const points = (levels: readonly NoiseLevel[]) => levels.map(({ byClip }, i): Point => [i / steps, byClip]);
  const axes = {
    title,
    xTitle: 'speech over noise, dB',
    yTitle: 'UA by clip, %',
    xTicks: NOISE_SNRS_DB.map((snrDb, i) => ({ at: i / steps, text: String(snrDb) })),
    yTicks: SHARE_TICKS,
  };
  const ends = means.map((mean, i) => ({
    y: mean.levels.at(-1)!.byClip,
    text: mean.title,
    className: `series-${i + 1}`,
  }));
  return plot(axes, [
    results.map(({ levels }) => line(points(levels), 'faint')),
    means.map(({ levels }, i) => line(points(levels), `series-${i + 1}`)),
    endLabels(ends),
  ]);
}
