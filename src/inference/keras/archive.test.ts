import fc from 'fast-check';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import h5wasm from 'h5wasm';
import { File as JsFile } from 'jsfive';
import { beforeAll, describe, expect, test } from 'vitest';
import { UndertoneError } from '../../errors.js';
import type { KerasModel } from '../keras-model.js';
import { readKerasFile, writeKerasArchive } from './archive.js';

const ramp = (...shape: number[]) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length }, (_, i) => i / 7 - 3) };
};

const model: KerasModel = {
  name: 'small',
  inputShape: [8, 6, 1],
  layers: [
    {
      className: 'Conv2D',
      name: 'first',
      config: { filters: 2, kernel_size: [3, 3], padding: 'same', activation: 'linear', use_bias: false },
      weights: [ramp(3, 3, 1, 2)],
    },
    {
      className: 'BatchNormalization',
      name: 'norm',
      config: {},
      weights: [ramp(2), ramp(2), ramp(2), ramp(2)],
    },
    { className: 'ReLU', name: 'relu', config: {}, weights: [] },
    {
      className: 'Conv2D',
      name: 'second',
      config: { filters: 3, kernel_size: [3, 3], padding: 'same', activation: 'relu' },
      weights: [ramp(3, 3, 2, 3), ramp(3)],
    },
    { className: 'GlobalAveragePooling2D', name: 'average', config: {}, weights: [] },
    { className: 'Dropout', name: 'drop', config: { rate: 0.5 }, weights: [] },
    {
      className: 'Dense',
      name: 'out',
      config: { units: 2, activation: 'softmax' },
      weights: [ramp(3, 2), ramp(2)],
    },
  ],
};

let archive: Uint8Array;
beforeAll(async () => {
  archive = await writeKerasArchive(model);
});

/** The archive with some of its files replaced, or removed where undefined. */
function altered(changes: Record<string, Uint8Array | undefined>, level: 0 | 9 = 0): Uint8Array {
  const files = Object.entries({ ...unzipSync(archive), ...changes }).filter(
    ([, file]) => file !== undefined,
  );
  return zipSync(Object.fromEntries(files) as Zippable, { level });
}

/** An HDF5 file that holds one dataset as the first layer's kernel. */
async function weightsFile(
  data: Float32Array | Float64Array,
  shape: number[],
  gzip = false,
): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/test.h5', 'w');
  const vars = file.create_group('layers').create_group('conv2d').create_group('vars');
  vars.create_dataset({ name: '0', data, shape, ...(gzip ? { chunks: shape, compression: 9 } : {}) });
  file.close();
  return FS.readFile('/test.h5');
}

describe('a .keras archive', () => {
  test('reads back what was written, bit for bit', async () => {
    expect(await readKerasFile(archive, 'm.keras')).toEqual(model);
  });

  test('equal models give equal bytes', async () => {
    expect(Buffer.compare(archive, await writeKerasArchive(model))).toBe(0);
  });

  test('holds the weights where Keras looks for them (read by another HDF5 library)', () => {
    const bytes = unzipSync(archive)['model.weights.h5']!;
    const file = new JsFile(bytes.slice().buffer, 'model.weights.h5');
    const kernel = file.get('layers/conv2d_1/vars/0');
    expect(kernel.shape).toEqual([3, 3, 2, 3]);
    expect(Float32Array.from(kernel.value)).toEqual(model.layers[3]!.weights[0]!.data);
    expect(Float32Array.from(file.get('layers/batch_normalization/vars/3').value)).toEqual(ramp(2).data);
    expect(file.get('layers').keys).toContain('global_average_pooling2d');
  });

  test('is not written where weights and layers contradict each other', async () => {
    const layers = model.layers.map((layer) =>
      layer.name === 'out' ? { ...layer, weights: [ramp(3, 2)] } : layer,
    );
    await expect(writeKerasArchive({ ...model, layers })).rejects.toThrow(
      /UT_INFERENCE_KERAS_WEIGHTS.*layer "out": Dense needs weights \[3,2\] \[2\], found \[3,2\]/,
    );
  });

  test('is not written with a weight that is not a number', async () => {
    const bad = { shape: [3, 2], data: new Float32Array([1, 2, NaN, 4, 5, 6]) };
    const layers = model.layers.map((layer) =>
      layer.name === 'out' ? { ...layer, weights: [bad, ramp(2)] } : layer,
    );
    await expect(writeKerasArchive({ ...model, layers })).rejects.toThrow(/weight 0 \[3,2\] .*not finite/);
  });
});

describe('a bad .keras archive is refused:', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  test.each([
    ['an empty file', () => new Uint8Array(), 'UT_INFERENCE_KERAS_ARCHIVE'],
    ['text', () => text('not a model'), 'UT_INFERENCE_KERAS_ARCHIVE'],
    ['half a file', () => archive.subarray(0, archive.length / 2), 'UT_INFERENCE_KERAS_ARCHIVE'],
    ['no config', () => altered({ 'config.json': undefined }), 'UT_INFERENCE_KERAS_ARCHIVE'],
    ['no weights', () => altered({ 'model.weights.h5': undefined }), 'UT_INFERENCE_KERAS_ARCHIVE'],
    ['bad config', () => altered({ 'config.json': text('{') }), 'UT_INFERENCE_KERAS_CONFIG'],
    ['bad weights', () => altered({ 'model.weights.h5': text('hello') }), 'UT_INFERENCE_KERAS_WEIGHTS'],
    [
      'missing weights',
      async () => altered({ 'model.weights.h5': await weightsFile(new Float32Array(18), [3, 3, 1, 2]) }),
      'UT_INFERENCE_KERAS_WEIGHTS',
    ],
    [
      'double weights',
      async () => altered({ 'model.weights.h5': await weightsFile(new Float64Array(18), [3, 3, 1, 2]) }),
      'UT_INFERENCE_KERAS_WEIGHTS',
    ],
  ])('%s', async (_, make, code) => {
    await expect(readKerasFile(await make(), 'm.keras')).rejects.toMatchObject({
      code,
      place: expect.stringContaining('m.keras'),
    });
  });

  test('a zip bomb, before it is unpacked', async () => {
    const bomb = altered({ 'config.json': new Uint8Array(64e6) }, 9);
    expect(bomb.length).toBeLessThan(1e6);
    await expect(readKerasFile(bomb, 'm.keras', { maxBytes: 1e6 })).rejects.toMatchObject({
      code: 'UT_INFERENCE_KERAS_TOO_LARGE',
    });
  });

  test('an HDF5 bomb, before it is unpacked', async () => {
    const bomb = altered({ 'model.weights.h5': await weightsFile(new Float32Array(4e6), [4e6], true) });
    expect(bomb.length).toBeLessThan(1e6);
    await expect(readKerasFile(bomb, 'm.keras', { maxBytes: 1e6 })).rejects.toMatchObject({
      code: 'UT_INFERENCE_KERAS_TOO_LARGE',
    });
  });
});

describe('whatever the bytes, the reader gives a model or an UndertoneError:', { timeout: 120_000 }, () => {
  async function answers(bytes: Uint8Array): Promise<boolean> {
    return readKerasFile(bytes, 'm.keras').then(
      (read) => read.layers.length === model.layers.length,
      (error) => error instanceof UndertoneError && error.code !== 'UT_INTERNAL',
    );
  }

  test('random bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), (bytes) => answers(bytes)),
      { numRuns: 6 },
    ));

  test('an archive cut anywhere', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), (share) =>
        answers(archive.subarray(0, Math.floor(share * archive.length))),
      ),
      { numRuns: 6 },
    ));

  test('an archive with some bytes changed', () => {
    const change = fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    return fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const damaged = archive.slice();
        for (const [share, value] of changes) damaged[Math.floor(share * damaged.length)] = value;
        return answers(damaged);
      }),
      { numRuns: 15 },
    );
  });
});
