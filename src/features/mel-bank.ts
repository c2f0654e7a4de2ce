import type { FrontEnd } from './front-end.js';
import { hzToMel, melToHz } from './mel-scale.js';

/** The bins that one triangular filter touches: weights[i] belongs to bin firstBin + i. */
interface MelFilter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** Sparse Mel filter bank, equal to `librosa.filters.mel`. */
export class MelBank {
  readonly bands: number;
  readonly #filters: readonly MelFilter[];

  constructor(frontEnd: FrontEnd) {
    this.bands = frontEnd.nMels;
    const edges = bandEdgesHz(frontEnd);
    this.#filters = Array.from({ length: frontEnd.nMels }, (_, band) => triangle(frontEnd, edges, band));
  }

  /**
   * @param spectrum Float64Array [nFft / 2 + 1]
   * @param out Float64Array [nMels]
   */
  apply(spectrum: Float64Array, out: Float64Array): void {
    for (let band = 0; band < this.#filters.length; band++) {
      const { firstBin, weights } = this.#filters[band]!;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * spectrum[firstBin + i]!;
      out[band] = sum;
    }
  }
}

/** nMels + 2 frequencies, evenly spaced in mel between fMinHz and fMaxHz. */
export function bandEdgesHz(frontEnd: FrontEnd): number[] {
  const { nMels, fMinHz, fMaxHz, melScale } = frontEnd;
  const lowest = hzToMel(fMinHz, melScale);
  const step = (hzToMel(fMaxHz, melScale) - lowest) / (nMels + 1);
  return Array.from({ length: nMels + 2 }, (_, i) => melToHz(lowest + i * step, melScale));
}

function triangle(frontEnd: FrontEnd, edges: readonly number[], band: number): MelFilter {
  const low = edges[band]!;
  const peak = edges[band + 1]!;
  const high = edges[band + 2]!;
  const scale = frontEnd.melNorm === 'slaney' ? 2 / (high - low) : 1;
  const binHz = frontEnd.sampleRateHz / frontEnd.nFft;
  const firstBin = Math.max(0, Math.ceil(low / binHz));
  const lastBin = Math.min(frontEnd.nFft / 2, Math.floor(high / binHz));
  const weights = new Float64Array(Math.max(0, lastBin - firstBin + 1));
  for (let i = 0; i < weights.length; i++) {
    const hz = (firstBin + i) * binHz;
    weights[i] = scale * Math.max(0, Math.min((hz - low) / (peak - low), (high - hz) / (high - peak)));
  }
  return { firstBin, weights };
}
