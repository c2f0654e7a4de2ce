import { type LayerHeader, shapesOf, type Tf, type Variable } from '../../inference/index.js';
import type { Random } from '../random.js';

/** What a weight is for: kernels decay, moving statistics are not trained. */
export type WeightRole = 'kernel' | 'vector' | 'moving';

export interface Weight {
  readonly layer: number;
  readonly role: WeightRole;
  readonly shape: readonly number[];
  readonly variable: Variable;
}

const BATCH_NORM_START = [1, 0, 0, 1];

/** Fresh weights of all layers, in the layers' order and in Keras' order within each. */
export function createWeights(
  tf: Tf,
  headers: readonly LayerHeader[],
  inputShape: readonly number[],
  random: Random,
): Weight[] {
  let shape = inputShape;
  return headers.flatMap((header, layer) => {
    const shapes = shapesOf(header, shape, 'the network to be trained');
    shape = shapes.output;
    return shapes.weights.map((weightShape, i): Weight => {
      const role = roleOf(header.className, i);
      const start = startOf(header.className, i, weightShape, random);
      const variable = tf.variable(tf.tensor(start, [...weightShape]), role !== 'moving');
      return { layer, role, shape: weightShape, variable };
    });
  });
}

function roleOf(className: string, index: number): WeightRole {
  if (className === 'BatchNormalization') return index >= 2 ? 'moving' : 'vector';
  return index === 0 ? 'kernel' : 'vector';
}

/** Kernels: He's normal distribution (He et al. 2015), which keeps the variance through ReLU layers. */
function startOf(className: string, index: number, shape: readonly number[], random: Random): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = new Float32Array(size);
  if (className === 'BatchNormalization') return values.fill(BATCH_NORM_START[index]!);
  if (index > 0) return values;
  const fanIn = size / shape.at(-1)!;
  return values.map(() => normal(random) * Math.sqrt(2 / fanIn));
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
