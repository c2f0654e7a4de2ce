import { CONVOLUTIONS, foldConvolution, observeActivations, type Vgg16 } from '../../inference/index.js';
import type { KeptFilters } from './prune.js';

/** [13][filters] How much each filter contributes; 1 is what is usual in its convolution. */
export type FilterImportance = readonly (readonly number[])[];

/** Of each convolution at least this share of the filters stays, and at least one. */
const LEAST_SHARE = 0.25;

/**
 * A filter's contribution to what the next layer computes: the root mean square of what it hands on, times the norm of the
 * weights by which the next layer reads it. Divided by the root mean square over its convolution, so that convolutions
 * can be compared.
 * @param windows Float32Arrays of the network's input shape
 */
export async function filterImportance(
  network: Vgg16,
  windows: readonly Float32Array[],
): Promise<FilterImportance> {
  const energies = network.architecture.filters.map((filters) => new Float64Array(filters));
  await observeActivations(network, windows, (convolution, { data, channels }) => {
    const size = data.length / channels;
    const energy = energies[convolution]!;
    for (let i = 0; i < data.length; i++) energy[Math.floor(i / size)]! += data[i]! * data[i]!;
  });
  return energies.map((energy, at) => {
    const norms = outgoingNorms(network, at);
    const contribution = Array.from(energy, (sum, filter) => Math.sqrt(sum) * norms[filter]!);
    const usual = Math.sqrt(contribution.reduce((sum, value) => sum + value * value, 0) / energy.length);
    return contribution.map((value) => (usual > 0 ? value / usual : 0));
  });
}

/**
 * The filters that stay when this share of all goes, the least important first.
 * @param share 0…1; less goes where every convolution has come to its least share
 */
export function chooseFilters(importance: FilterImportance, share: number): KeptFilters {
  const left = importance.map(({ length }) => length);
  const gone = importance.map(() => new Set<number>());
  const ranked = importance
    .flatMap((filters, at) => filters.map((value, filter) => ({ at, filter, value })))
    .sort((a, b) => a.value - b.value);
  let wanted = Math.round(ranked.length * share);
  for (const { at, filter } of ranked) {
    if (wanted === 0) break;
    if (left[at]! - 1 < Math.max(1, Math.ceil(importance[at]!.length * LEAST_SHARE))) continue;
    left[at]!--;
    gone[at]!.add(filter);
    wanted--;
  }
  return importance.map((filters, at) => [...filters.keys()].filter((filter) => !gone[at]!.has(filter)));
}

/** [filters] Euclidean norm of the weights, batch norm folded in, by which the next layer reads each filter. */
function outgoingNorms(network: Vgg16, convolution: number): number[] {
  const next = CONVOLUTIONS[convolution + 1];
  const squares = new Array<number>(network.architecture.filters[convolution]!).fill(0);
  if (next === undefined) {
    const { shape, data } = network.head[0]!.kernel;
    const units = shape[1]!;
    data.forEach((weight, i) => {
      squares[Math.floor(i / units) % squares.length]! += weight * weight;
    });
  } else {
    const { shape, kernel } = foldConvolution(network.blocks[next.block]![next.index]!);
    const area = shape[2]! * shape[3]!;
    kernel.forEach((weight, i) => {
      squares[Math.floor(i / area) % squares.length]! += weight * weight;
    });
  }
  return squares.map(Math.sqrt);
}
