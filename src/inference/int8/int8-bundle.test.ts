import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testArchitecture, testBundle } from '../../../test/support/bundle.js';
import { noise } from '../../../test/support/noise.js';
import { type Bundle, loadBundle, loadFloat32, writeBundle } from '../bundle.js';
import type { BundleJson } from '../bundle-json.js';
import { createOnnxClassifier } from '../engines/onnx.js';
import { compileInt8 } from '../onnx/compile-int8.js';
import { vgg16Of } from '../recognise-vgg16.js';
import { activationClips } from './activation-clips.js';

const REBUILD = 'undertone train data --name test';
const windows = [1, 2, 3].map((seed) => noise(128 * 64, seed));

let root: string;
let float32: string;
let both: string;
let alone: string;
let copies = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-int8-'));
  [float32, both, alone] = [join(root, 'float32'), join(root, 'both'), join(root, 'alone')];
  const parts = testBundle();
  const network = vgg16Of(parts.model, 'test');
  const onnx = compileInt8(network, await activationClips(network, windows));
  await writeBundle(float32, parts);
  await writeBundle(both, { ...parts, int8: { onnx } });
  await writeBundle(alone, { ...parts, int8: { onnx, withoutFloat32: REBUILD } });
});
afterAll(() => rm(root, { recursive: true }));

const jsonOf = async (folder: string): Promise<BundleJson> =>
  JSON.parse(await readFile(join(folder, 'bundle.json'), 'utf8'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function copyOf(
  folder: string,
  change: (json: BundleJson) => unknown = (json) => json,
): Promise<string> {
  const copy = join(root, `copy${copies++}`);
  await cp(folder, copy, { recursive: true });
  await writeFile(join(copy, 'bundle.json'), JSON.stringify(change(await jsonOf(copy))));
  return copy;
}

async function answersOf(bundle: Bundle): Promise<Float32Array[]> {
  const classifier = createOnnxClassifier({ bundle, threads: 1 });
  await classifier.start();
  try {
    return await Promise.all(windows.map((window) => classifier.classify(window)));
  } finally {
    await classifier.close();
  }
}

describe('a bundle with an integer build', () => {
  test('is run by it, and named after it', async () => {
    const bundle = await loadBundle(both);
    const { files } = await jsonOf(both);
    expect(bundle.modelId).toBe(`test@${files['model.int8.onnx']!.sha256.slice(0, 12)}`);
    expect(bundle.network.architecture).toEqual(testArchitecture());
    const [found, expected] = [await answersOf(bundle), await answersOf(await loadBundle(float32))];
    expected.forEach((answer, window) => {
      expect(found[window]).not.toEqual(answer);
      for (const [index, probability] of answer.entries())
        expect(Math.abs(found[window]![index]! - probability)).toBeLessThan(0.05);
    });
  });

  test('can hold it alone: a third of the size, the same answers', async () => {
    expect((await readdir(alone)).sort()).toEqual(['bundle.json', 'model.int8.onnx']);
    const archive = await stat(join(float32, 'model.keras'));
    expect((await stat(join(alone, 'model.int8.onnx'))).size).toBeLessThan(archive.size / 3);
    expect(await answersOf(await loadBundle(alone))).toEqual(await answersOf(await loadBundle(both)));
  });

  test('says which float32 weights it was made from, and how these are made again', async () => {
    const archive = await readFile(join(float32, 'model.keras'));
    expect((await jsonOf(both)).optimized?.from).toEqual({ sha256: sha256(archive) });
    expect((await jsonOf(alone)).optimized?.from).toEqual({ sha256: sha256(archive), rebuild: REBUILD });
    const [whole, original] = [await loadFloat32(both), await loadFloat32(float32)];
    expect(whole.model).toEqual(original.model);
    expect(whole.modelId).toBe(original.modelId);
    await expect(loadFloat32(alone)).rejects.toMatchObject({
      code: 'UT_INFERENCE_BUNDLE_MISSING_FILE',
      message: expect.stringContaining(REBUILD),
    });
  });

  test('leaves nothing of the bundle that it replaces, nor does the one that replaces it', async () => {
    const folder = await copyOf(both);
    const parts = testBundle(2);
    const { network } = await loadBundle(alone);
    if (!('onnx' in network)) throw new Error('the bundle holds no integer build');
    await writeBundle(folder, { ...parts, int8: { onnx: network.onnx, withoutFloat32: REBUILD } });
    expect((await readdir(folder)).sort()).toEqual(['bundle.json', 'model.int8.onnx']);
    await writeBundle(folder, parts);
    expect((await readdir(folder)).sort()).toEqual(['bundle.json', 'model.keras']);
  });

  test.each<[string, (json: BundleJson) => unknown, string, RegExp]>([
    [
      'the float32 weights are missing, and nothing says how to make them',
      ({ optimized, ...json }) => ({
        ...json,
        optimized: { ...optimized, from: { sha256: optimized!.from.sha256 } },
      }),
      'UT_INFERENCE_BUNDLE_JSON',
      /optimized\.from\.rebuild/,
    ],
    [
      'neither network is listed',
      ({ optimized: _, ...json }) => ({ ...json, files: {} }),
      'UT_INFERENCE_BUNDLE_JSON',
      /model\.keras is not listed/,
    ],
    [
      'the integer build is not listed',
      (json) => ({ ...json, files: {} }),
      'UT_INFERENCE_BUNDLE_JSON',
      /model\.int8\.onnx is not listed/,
    ],
    [
      'the integer build gives another number of classes',
      (json) => ({ ...json, architecture: { ...json.architecture, classes: 8 } }),
      'UT_INFERENCE_BUNDLE_MISMATCH',
      /probabilities \[1,7\].*probabilities \[1,8\]/,
    ],
  ])('is refused where %s', async (_, change, code, message) => {
    const loading = loadBundle(await copyOf(alone, change));
    await expect(loading).rejects.toMatchObject({ code });
    await expect(loading).rejects.toThrow(message);
  });

  test('is refused where it was made from another model.keras than the one beside it', async () => {
    const folder = await copyOf(both, ({ optimized, ...json }) => ({
      ...json,
      optimized: { ...optimized, from: { sha256: '0'.repeat(64) } },
    }));
    await expect(loadBundle(folder)).rejects.toThrow(/optimized\.from\.sha256.*another model\.keras/);
  });

  test('is refused where its file is missing or another', async () => {
    const gone = await copyOf(both);
    await rm(join(gone, 'model.int8.onnx'));
    await expect(loadBundle(gone)).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_MISSING_FILE' });
    const changed = await copyOf(alone);
    const bytes = await readFile(join(changed, 'model.int8.onnx'));
    await writeFile(join(changed, 'model.int8.onnx'), bytes.with(9000, bytes[9000]! ^ 1));
    await expect(loadBundle(changed)).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_HASH' });
  });

  test('is refused where its file is no ONNX model, though the hash is right', async () => {
    const text = Buffer.from('no model at all');
    const folder = await copyOf(alone, (json) => ({
      ...json,
      files: { 'model.int8.onnx': { sha256: sha256(text), bytes: text.length } },
    }));
    await writeFile(join(folder, 'model.int8.onnx'), text);
    await expect(loadBundle(folder)).rejects.toMatchObject({ code: 'UT_INFERENCE_BUNDLE_MISMATCH' });
  });
});
