import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { naiveForward } from '../../../test/support/naive-forward.js';
import { noise } from '../../../test/support/noise.js';
import { randomVgg16 } from '../../../test/support/random-vgg16.js';
import { vgg16Of } from '../recognise-vgg16.js';
import { filtersAt, type Vgg16Architecture } from '../vgg16.js';
import { compileOnnx, ONNX_INPUT, ONNX_OUTPUT } from './compile.js';

const base: Vgg16Architecture = {
  inputShape: [64, 32, 1],
  filters: filtersAt(1 / 32),
  batchNorm: false,
  head: { pooling: 'average', dense: [], dropout: 0.5 },
  classes: 7,
};

describe('the compiled network computes what the layers say:', () => {
  test.each<[string, Partial<Vgg16Architecture>]>([
    ['plain', {}],
    ['batch norm', { batchNorm: true }],
    ['flatten and two dense layers', { head: { pooling: 'flatten', dense: [9, 8], dropout: 0 } }],
    ['three input channels', { inputShape: [32, 64, 3], batchNorm: true }],
  ])('%s', async (_, changes) => {
    const architecture = { ...base, ...changes };
    const [frames, mels, channels] = architecture.inputShape;
    const model = randomVgg16(architecture, 7);
    const window = noise(frames * mels * channels, 3);

    const session = await InferenceSession.create(compileOnnx(vgg16Of(model, 'm.keras')));
    const outputs = await session.run({
      [ONNX_INPUT]: new Tensor('float32', window, [1, frames, mels, channels]),
    });
    await session.release();

    const expected = naiveForward(model, window);
    const found = outputs[ONNX_OUTPUT]!.data as Float32Array;
    expect(Math.max(...expected)).toBeLessThan(0.99);
    for (const [index, probability] of expected.entries()) expect(found[index]).toBeCloseTo(probability, 5);
  });
});
