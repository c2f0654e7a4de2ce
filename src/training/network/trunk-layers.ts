import type { LayerHeader, Variable } from '../../inference/index.js';
import type { TrunkConvolution } from './trunk.js';
import type { Weight } from './weights.js';

/** The trunk of a network: its convolutions, and where the head begins. */
export interface TrunkLayers {
  readonly convolutions: readonly TrunkConvolution[];
  /** Moving mean and variance of each batch normalisation. */
  readonly moving: readonly (readonly [Variable, Variable])[];
  /** How many layers the trunk takes. */
  readonly layers: number;
}

/** Reads the trunk off the layers of a VGG16: everything up to the last pooling. */
export function trunkLayersOf(headers: readonly LayerHeader[], weights: readonly Weight[]): TrunkLayers {
  const of = (layer: number) => weights.filter((weight) => weight.layer === layer).map((w) => w.variable);
  const layers = headers.findLastIndex(({ className }) => className === 'MaxPooling2D') + 1;
  const convolutions: TrunkConvolution[] = [];
  const moving: [Variable, Variable][] = [];
  headers.slice(0, layers).forEach(({ className, config }, layer) => {
    const held = of(layer);
    const last = convolutions.length - 1;
    if (className === 'Conv2D')
      convolutions.push({ kernel: held[0]!, bias: held[1] ?? null, norm: null, pooled: false });
    if (className === 'BatchNormalization') {
      const norm = { gamma: held[0]!, beta: held[1]!, epsilon: config.epsilon as number };
      convolutions[last] = { ...convolutions[last]!, norm };
      moving.push([held[2]!, held[3]!]);
    }
    if (className === 'MaxPooling2D') convolutions[last] = { ...convolutions[last]!, pooled: true };
  });
  return { convolutions, moving, layers };
}
