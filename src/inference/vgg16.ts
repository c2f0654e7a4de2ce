/** Convolutions per block and filters per block at width 1 (Simonyan & Zisserman 2015, configuration D). */
export const VGG16_BLOCKS: readonly { readonly convolutions: number; readonly filters: number }[] = [
  { convolutions: 2, filters: 64 },
  { convolutions: 2, filters: 128 },
  { convolutions: 3, filters: 256 },
  { convolutions: 3, filters: 512 },
  { convolutions: 3, filters: 512 },
];

/** All that decides the shape of a network; weights apart. */
export interface Vgg16Architecture {
  /** Input [frames, mels, channels]. */
  readonly inputShape: readonly [number, number, number];
  /** Scales every block's filters: 1 = 64…512. */
  readonly width: number;
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

/** Filters of a block at a width, at least 1. */
export function filtersAt(width: number, filters: number): number {
  return Math.max(1, Math.round(width * filters));
}
