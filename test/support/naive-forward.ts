import type { KerasLayer, KerasModel } from '../../src/inference/index.js';

/** A feature map [height, width, channels] or a vector [n], in double precision. */
interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * Runs a model as its definition reads, in loops and doubles: slow, and with nothing in common with the code
 * under test. Knows what `vgg16Layers` makes.
 */
export function naiveForward(model: KerasModel, input: Float32Array): Float64Array {
  const start: Values = { shape: model.inputShape, data: Float64Array.from(input) };
  return model.layers.reduce(runLayer, start).data;
}

function runLayer(input: Values, layer: KerasLayer): Values {
  const output = STEPS[layer.className]!(input, layer);
  return layer.config.activation ? activate(output, String(layer.config.activation)) : output;
}

const STEPS: Readonly<Record<string, (input: Values, layer: KerasLayer) => Values>> = {
  Conv2D: convolve,
  BatchNormalization: normalise,
  Activation: (input) => input,
  MaxPooling2D: pool,
  GlobalAveragePooling2D: average,
  Flatten: ({ data }) => ({ shape: [data.length], data }),
  Dropout: (input) => input,
  Dense: dense,
};

function activate({ shape, data }: Values, name: string): Values {
  if (name === 'relu') return { shape, data: data.map((x) => Math.max(0, x)) };
  if (name !== 'softmax') return { shape, data };
  const powers = data.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return { shape, data: powers.map((x) => x / sum) };
}

function convolve({ shape, data }: Values, { weights }: KerasLayer): Values {
  const [height = 0, width = 0, inputs = 0] = shape;
  const [kernel, bias] = weights;
  const outputs = kernel!.shape[3]!;
  const result = new Float64Array(height * width * outputs);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let out = 0; out < outputs; out++) {
        let sum = bias?.data[out] ?? 0;
        for (let dy = 0; dy < 3; dy++)
          for (let dx = 0; dx < 3; dx++) {
            const [row, column] = [y + dy - 1, x + dx - 1];
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            for (let c = 0; c < inputs; c++)
              sum +=
                data[(row * width + column) * inputs + c]! *
                kernel!.data[((dy * 3 + dx) * inputs + c) * outputs + out]!;
          }
        result[(y * width + x) * outputs + out] = sum;
      }
  return { shape: [height, width, outputs], data: result };
}

function normalise({ shape, data }: Values, { weights, config }: KerasLayer): Values {
  const [gamma, beta, mean, variance] = weights.map((weight) => weight.data);
  const result = data.map((x, index) => {
    const c = index % gamma!.length;
    return (gamma![c]! * (x - mean![c]!)) / Math.sqrt(variance![c]! + Number(config.epsilon)) + beta![c]!;
  });
  return { shape, data: result };
}

function pool({ shape, data }: Values): Values {
  const [height = 0, width = 0, channels = 0] = shape;
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const result = Float64Array.from({ length: rows * columns * channels }, (_, index) => {
    const c = index % channels;
    const column = Math.floor(index / channels) % columns;
    const row = Math.floor(index / channels / columns);
    const at = (dy: number, dx: number) => data[((2 * row + dy) * width + 2 * column + dx) * channels + c]!;
    return Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
  });
  return { shape: [rows, columns, channels], data: result };
}

function average({ shape, data }: Values): Values {
  const channels = shape[2]!;
  const area = data.length / channels;
  const sums = new Float64Array(channels);
  data.forEach((x, index) => {
    sums[index % channels]! += x / area;
  });
  return { shape: [channels], data: sums };
}

function dense({ data }: Values, { weights }: KerasLayer): Values {
  const [kernel, bias] = weights;
  const units = kernel!.shape[1]!;
  const result = Float64Array.from({ length: units }, (_, unit) =>
    data.reduce((sum, x, row) => sum + x * kernel!.data[row * units + unit]!, bias?.data[unit] ?? 0),
  );
  return { shape: [units], data: result };
}
