import type { KerasLayer, KerasModel, Vgg16Architecture } from '../../src/inference/index.js';
import { noise } from './noise.js';
import { randomVgg16 } from './random-vgg16.js';

/**
 * A random VGG16 with what other people put into theirs: Rescaling and Normalization at the start, batch norm behind each
 * ReLU, and activations of their own choice in the head.
 *
 * @param architecture without batch norm
 * @param activations one for each hidden Dense layer
 */
export function foreignVgg16(
  architecture: Vgg16Architecture & { readonly batchNorm: false },
  activations: readonly string[],
): KerasModel {
  const plain = randomVgg16(architecture, 13);
  const rest = [...activations];
  const layers = plain.layers.flatMap((layer): readonly KerasLayer[] => {
    if (layer.className === 'Conv2D') return [layer, normAfter(layer)];
    if (layer.className !== 'Dense' || layer.config.activation === 'softmax') return [layer];
    return [{ ...layer, config: { ...layer.config, activation: rest.shift() } }];
  });
  return { ...plain, layers: [...start(architecture.inputShape[2]), ...layers] };
}

function start(channels: number): readonly KerasLayer[] {
  const perChannel = (base: number) => Array.from({ length: channels }, (_, c) => base + c / 10);
  return [
    { className: 'Rescaling', name: 'rescaling', config: { scale: 0.5, offset: 0.25 }, weights: [] },
    {
      className: 'Normalization',
      name: 'normalization',
      config: { axis: -1, mean: perChannel(0.1), variance: perChannel(0.4) },
      weights: [],
    },
  ];
}

function normAfter({ name, config }: KerasLayer): KerasLayer {
  const count = Number(config.filters);
  const around = (base: number, seed: number) => ({
    shape: [count],
    data: noise(count, seed).map((value) => base + value / 10),
  });
  return {
    className: 'BatchNormalization',
    name: `${name}_after`,
    config: { axis: -1, epsilon: 0.001 },
    weights: [around(1, 1), around(0, 2), around(0.5, 3), around(1, 4)],
  };
}
