import { CONVOLUTIONS, foldConvolution, observeActivations, type Vgg16 } from '../../inference/index.js';
import type { KeptFilters } from './prune.js';

/** [13][filters] How much each filter contributes; 1 is what is usual in its convolution. */
export type FilterImportance = readonly (readonly number[])[];

/** Of each convolution at least this share of the filters stays. */
const LEAST_SHARE = 0.25;
/** As many filters of a convolution go at once, where it has twice as many: kernels are made for multiples of it. */
const GROUP = 8;

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
 * The filters that stay when this share of all goes, the least important first. They go in groups, so that what stays of a
 * convolution is a multiple of eight; the share is met as nearly as groups allow.
 * @param share 0…1; less goes where every convolution has come to its least share
 */
export function chooseFilters(importance: FilterImportance, share: number): KeptFilters {
  const groups = importance.flatMap(groupsThatMayGo).sort((a, b) => a.value - b.value);
  const gone = importance.map(() => new Set<number>());
  const all = importance.reduce((sum, { length }) => sum + length, 0);
  let wanted = Math.round(all * share);
  for (const { at, filters } of groups) {
    if (filters.length > 2 * wanted) break;
    for (const filter of filters) gone[at]!.add(filter);
    wanted -= filters.length;
  }
  return importance.map((filters, at) => [...filters.keys()].filter((filter) => !gone[at]!.has(filter)));
}

/** Filters of one convolution that go together. */
interface FilterGroup {
  readonly at: number;
  readonly filters: readonly number[];
  /** Mean importance. */
  readonly value: number;
}

/** The least important first; the first one may be smaller. */
function groupsThatMayGo(importance: readonly number[], at: number): FilterGroup[] {
  const size = Math.min(GROUP, Math.ceil(importance.length / 2));
  const least = Math.ceil((importance.length * LEAST_SHARE) / size) * size;
  const ranked = [...importance.keys()].sort((a, b) => importance[a]! - importance[b]!);
  const groups: FilterGroup[] = [];
  for (let left = ranked.length; left > least; ) {
    const next = (Math.ceil(left / size) - 1) * size;
    const filters = ranked.slice(ranked.length - left, ranked.length - next);
    const value = filters.reduce((sum, filter) => sum + importance[filter]!, 0) / filters.length;
    groups.push({ at, filters, value });
    left = next;
  }
  return groups;
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
