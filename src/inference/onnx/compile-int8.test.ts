import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { naiveInt8Convolution } from '../../../test/support/naive-int8.js';
import { noise } from '../../../test/support/noise.js';
import { randomVgg16 } from '../../../test/support/random-vgg16.js';
import { activationClips } from '../int8/activation-clips.js';
import { type QuantizedConvolution, quantizeConvolution, WEIGHT_LIMIT } from '../int8/quantize.js';
import { vgg16Of } from '../recognise-vgg16.js';
import { filtersAt, type Vgg16Architecture } from '../vgg16.js';
import { compileOnnx, ONNX_INPUT, ONNX_OUTPUT } from './compile.js';
import { appendDequantize, appendInt8Convolution, appendQuantize, compileInt8 } from './compile-int8.js';
import { ChainBuilder } from './graph-builder.js';

const [CHANNELS, HEIGHT, WIDTH] = [5, 6, 7];
const base: Vgg16Architecture = {
  inputShape: [64, 32, 1],
  filters: filtersAt(1 / 8),
  batchNorm: true,
  head: { pooling: 'average', dense: [], dropout: 0 },
  classes: 7,
};

async function run(onnx: Uint8Array, input: Tensor): Promise<Float32Array> {
  const session = await InferenceSession.create(onnx);
  const outputs = await session.run({ [ONNX_INPUT]: input });
  await session.release();
  return Object.values(outputs)[0]!.data as Float32Array;
}

/** One convolution, whose steps are 1 and `outputStep`, from whole numbers to whole numbers. */
function oneConvolution(convolution: QuantizedConvolution, outputStep: number): Uint8Array {
  const graph = new ChainBuilder(ONNX_INPUT, [1, CHANNELS, HEIGHT, WIDTH]);
  graph.weight('zero', [], Uint8Array.of(0));
  const one = graph.weight('one', [], Float32Array.of(1));
  appendQuantize(graph, one);
  appendInt8Convolution(
    graph,
    'conv',
    one,
    graph.weight('step', [], Float32Array.of(outputStep)),
    convolution,
  );
  appendDequantize(graph, one);
  return graph.finish('one', [1, convolution.scales.length, HEIGHT, WIDTH]);
}

async function expectExact(data: Uint8Array, convolution: QuantizedConvolution, outputStep: number) {
  const map = { channels: CHANNELS, height: HEIGHT, width: WIDTH, data };
  const input = new Tensor('float32', Float32Array.from(data), [1, CHANNELS, HEIGHT, WIDTH]);
  const found = await run(oneConvolution(convolution, outputStep), input);
  const expected = naiveInt8Convolution(map, convolution, 1, outputStep).data;
  expect([...found]).toEqual([...expected]);
  return expected;
}

describe('a convolution in integers', () => {
  test('is exactly its definition', async () => {
    const kernel = noise(6 * CHANNELS * 9, 1);
    const convolution = quantizeConvolution({ shape: [6, CHANNELS, 3, 3], kernel, bias: noise(6, 2) }, 1);
    const data = Uint8Array.from(noise(CHANNELS * HEIGHT * WIDTH, 3), (x) => Math.abs(x) * 100);
    const answers = await expectExact(data, convolution, 3);
    expect(new Set(answers).size).toBeGreaterThan(20);
  });

  test('does not saturate on the way, with the largest values that there are', async () => {
    const size = CHANNELS * 9;
    const kernel = new Int8Array(2 * size).fill(WEIGHT_LIMIT, 0, size).fill(-WEIGHT_LIMIT, size);
    const convolution = {
      shape: [2, CHANNELS, 3, 3],
      kernel,
      scales: Float32Array.of(1, 1),
      bias: Int32Array.of(0, size * 255 * WEIGHT_LIMIT),
    };
    const data = new Uint8Array(CHANNELS * HEIGHT * WIDTH).fill(255);
    const answers = await expectExact(data, convolution, (size * 255 * WEIGHT_LIMIT) / 250);
    expect(Math.max(...answers)).toBe(250);
  });
});

describe('a network in integers', () => {
  test.each<[string, Partial<Vgg16Architecture>]>([
    ['one plane', {}],
    ['three planes, no batch norm', { inputShape: [64, 32, 3], batchNorm: false }],
    ['flatten and a hidden layer', { head: { pooling: 'flatten', dense: [9], dropout: 0 } }],
  ])('answers within 0.05 of the float32 network: %s', async (_, changes) => {
    const architecture = { ...base, ...changes };
    const network = vgg16Of(randomVgg16(architecture, 7), 'm.keras');
    const length = architecture.inputShape.reduce((a, b) => a * b);
    const windows = Array.from({ length: 4 }, (_, seed) => noise(length, seed));
    const int8 = compileInt8(network, await activationClips(network, windows));
    const float32 = compileOnnx(network);
    for (const window of windows) {
      const input = new Tensor('float32', window, [1, ...architecture.inputShape]);
      const [found, expected] = [await run(int8, input), await run(float32, input)];
      expect(Math.max(...expected)).toBeLessThan(0.99);
      for (const [index, probability] of expected.entries())
        expect(Math.abs(found[index]! - probability), `${ONNX_OUTPUT} ${index}`).toBeLessThan(0.05);
    }
    expect(int8.length).toBeLessThan(float32.length / 2.5);
  });
});
