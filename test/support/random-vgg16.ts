import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  elementsIn,
  type KerasModel,
  type Shape,
  shapesOf,
  type Vgg16Architecture,
  vgg16Layers,
} from '../../src/inference/index.js';

/** A VGG16 with random weights of He's size, so that signals neither vanish nor explode on their way through. */
export function randomVgg16(architecture: Vgg16Architecture, seed: number): KerasModel {
  const generator = xoroshiro128plus(seed);
  const uniform = (low: number, high: number) => low + uniformFloat64(generator) * (high - low);
  let shape: Shape = architecture.inputShape;
  const layers = vgg16Layers(architecture).map((header) => {
    const { output, weights } = shapesOf(header, shape, 'random VGG16');
    shape = output;
    const range = rangeOf(header.className);
    return {
      ...header,
      weights: weights.map((of, index) => {
        const [low, high] = range(of, index);
        return { shape: of, data: Float32Array.from({ length: elementsIn(of) }, () => uniform(low, high)) };
      }),
    };
  });
  return { name: 'random_vgg16', inputShape: architecture.inputShape, layers };
}

type Range = (shape: Shape, index: number) => readonly [number, number];

function rangeOf(className: string): Range {
  if (className === 'BatchNormalization')
    return (_, index) => (index === 0 || index === 3 ? [0.5, 1.5] : [-0.3, 0.3]);
  return (shape) => {
    if (shape.length === 1) return [-0.1, 0.1];
    const limit = Math.sqrt(6 / elementsIn(shape.slice(0, -1)));
    return [-limit, limit];
  };
}
