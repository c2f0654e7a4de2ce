/** Convolutions per block and filters per block at width 1 (Simonyan & Zisserman 2015, configuration D). */
export const VGG16_BLOCKS: readonly { readonly convolutions: number; readonly filters: number }[] = [
  { convolutions: 2, filters: 64 },
  { convolutions: 2, filters: 128 },
  { convolutions: 3, filters: 256 },
  { convolutions: 3, filters: 512 },
  { convolutions: 3, filters: 512 },
];

/** Where a convolution stands, and what it and the pooling behind it are called in keras.applications. */
export interface ConvolutionSite {
  readonly name: string;
  readonly block: number;
  readonly index: number;
  /** The pooling that follows it, where it ends a block. */
  readonly pool: string | undefined;
}

/** The thirteen convolutions in order. */
export const CONVOLUTIONS: readonly ConvolutionSite[] = VGG16_BLOCKS.flatMap(({ convolutions }, block) =>
  Array.from({ length: convolutions }, (_, index) => ({
    name: `block${block + 1}_conv${index + 1}`,
    block,
    index,
    pool: index === convolutions - 1 ? `block${block + 1}_pool` : undefined,
  })),
);

/** All that decides the shape of a network; weights apart. */
export interface Vgg16Architecture {
  /** Input [frames, mels, channels]. */
  readonly inputShape: readonly [number, number, number];
  /** [13] filters of each convolution, in order. */
  readonly filters: readonly number[];
  /** Conv → BatchNormalization → ReLU instead of Conv → ReLU. */
  readonly batchNorm: boolean;
  readonly head: {
    /** How the last block's map becomes a vector. */
    readonly pooling: 'average' | 'max' | 'flatten';
    /** Units of each hidden Dense layer. */
    readonly dense: readonly number[];
    /** Dropout rate before each Dense layer, 0 = none. */
    readonly dropout: number;
  };
  readonly classes: number;
}

/** [13] The filters of a VGG16 whose every convolution has `width` times its usual ones, at least 1. */
export function filtersAt(width: number): number[] {
  return CONVOLUTIONS.map(({ block }) => Math.max(1, Math.round(width * VGG16_BLOCKS[block]!.filters)));
}

/** Filters in words: the width where they have VGG16's proportions, else the numbers, a block after the other. */
export function describeFilters(filters: readonly number[]): string {
  const width = filters.at(-1)! / VGG16_BLOCKS.at(-1)!.filters;
  if (`${filtersAt(width)}` === `${filters}`) return `filters × ${width}`;
  const blocks = VGG16_BLOCKS.map((_, block) => filters.filter((_, at) => CONVOLUTIONS[at]!.block === block));
  return `filters ${blocks.map((block) => block.join('-')).join(', ')}`;
}
