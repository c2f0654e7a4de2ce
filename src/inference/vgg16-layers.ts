import type { KerasLayer } from './keras-model.js';
import { CONVOLUTIONS, type Vgg16Architecture } from './vgg16.js';

/** A layer before it has weights. */
export type LayerHeader = Omit<KerasLayer, 'weights'>;

/** The layers of a VGG16 in order, named as in keras.applications: what a trainer builds and `vgg16Of` recognises. */
export function vgg16Layers(architecture: Vgg16Architecture): LayerHeader[] {
  const blocks = CONVOLUTIONS.flatMap(({ name, pool }, at) => [
    ...convolution(name, architecture.filters[at]!, architecture.batchNorm),
    ...(pool === undefined
      ? []
      : [layer('MaxPooling2D', pool, { pool_size: [2, 2], strides: [2, 2], padding: 'valid' })]),
  ]);
  return [...blocks, ...head(architecture)];
}

function convolution(name: string, filters: number, batchNorm: boolean): LayerHeader[] {
  const config = { filters, kernel_size: [3, 3], strides: [1, 1], padding: 'same' };
  if (!batchNorm) return [layer('Conv2D', name, { ...config, activation: 'relu', use_bias: true })];
  return [
    layer('Conv2D', name, { ...config, activation: 'linear', use_bias: false }),
    layer('BatchNormalization', `${name}_bn`, { axis: -1, momentum: 0.99, epsilon: 0.001 }),
    layer('Activation', `${name}_relu`, { activation: 'relu' }),
  ];
}

function head({ head: { pooling, dense, dropout }, classes }: Vgg16Architecture): LayerHeader[] {
  const drop = (index: number) => (dropout > 0 ? [layer('Dropout', `drop${index}`, { rate: dropout })] : []);
  const hidden = dense.flatMap((units, index) => [
    ...drop(index + 1),
    layer('Dense', `fc${index + 1}`, { units, activation: 'relu', use_bias: true }),
  ]);
  return [
    layer(POOLINGS[pooling], pooling === 'flatten' ? 'flatten' : 'pool', {}),
    ...hidden,
    ...drop(dense.length + 1),
    layer('Dense', 'predictions', { units: classes, activation: 'softmax', use_bias: true }),
  ];
}

const POOLINGS = {
  average: 'GlobalAveragePooling2D',
  max: 'GlobalMaxPooling2D',
  flatten: 'Flatten',
} as const;

function layer(className: string, name: string, config: Record<string, unknown>): LayerHeader {
  return { className, name, config };
}
