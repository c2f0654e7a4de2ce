import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSamples, encodeWav } from '../../src/audio/index.js';
import { runCommandLine } from '../../src/cli/program.js';
import {
  EMOTIONS,
  filtersAt,
  loadBundle,
  type Vgg16Architecture,
  writeKerasArchive,
} from '../../src/inference/index.js';
import { encodeNpy } from '../../src/training/npy.js';
import { buzz } from '../support/buzz.js';
import { naiveForward } from '../support/naive-forward.js';
import { noise } from '../support/noise.js';
import { randomVgg16 } from '../support/random-vgg16.js';

const SIDE = 40;
const ARCHITECTURE: Vgg16Architecture = {
  inputShape: [SIDE, SIDE, 3],
  filters: filtersAt(1 / 32),
  batchNorm: true,
  head: { pooling: 'flatten', dense: [9], dropout: 0.5 },
  classes: EMOTIONS.length,
};
const SECONDS = 2;

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const terminal = {
    colours: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  return { code: await runCommandLine(args, terminal), out, err };
}

describe('a model from elsewhere', { timeout: 120_000 }, () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const importing = (name: string, ...more: string[]) => {
    const options = ['--labels', EMOTIONS.join(','), '--window-seconds', String(SECONDS), '--out', at(name)];
    return run('import', at('theirs.keras'), ...options, '--with', 'picture.colours=magma', ...more);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-exchange-'));
    const model = randomVgg16(ARCHITECTURE, 3);
    await writeFile(at('theirs.keras'), await writeKerasArchive(model));
    await mkdir(at('answers'));
    const inputs = noise(2 * SIDE * SIDE * 3, 9);
    const half = inputs.length / 2;
    const outputs = [inputs.subarray(0, half), inputs.subarray(half)].flatMap((one) => [
      ...naiveForward(model, one),
    ]);
    await writeFile(at('answers', 'inputs.npy'), encodeNpy(inputs, [2, SIDE, SIDE, 3]));
    await writeFile(
      at('answers', 'outputs.npy'),
      encodeNpy(Float32Array.from(outputs), [2, EMOTIONS.length]),
    );
    const coded = buzz(6);
    const samples = new Float32Array(coded.length);
    decodeSamples('mulaw', coded, samples);
    await writeFile(at('call.wav'), encodeWav({ sampleRateHz: 8000, channels: [samples] }, 's16le'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('becomes a bundle that hears an 8 kHz call, once its answers agree', async () => {
    const { code, out, err } = await importing('mine', '--check', at('answers'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/checked +2 inputs: largest difference \d/);
    const bundle = await loadBundle(at('mine'));
    expect(bundle.frontEnd).toMatchObject({
      sampleRateHz: 22_050,
      windowFrames: 87,
      picture: { colours: 'magma' },
    });
    expect(bundle.training).toMatchObject({ importedFrom: 'theirs.keras' });

    const classified = await run('classify', at('call.wav'), '--json', '--set', `model.bundle=${at('mine')}`);
    expect(classified).toMatchObject({ code: 0, err: '' });
    const points = classified.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(points.length).toBeGreaterThanOrEqual(4);
    expect(points.every(({ model }) => model === bundle.modelId)).toBe(true);
  });

  test('is not written where nothing agrees, and the note says so where nothing was compared', async () => {
    const other = encodeNpy(new Float32Array(2 * EMOTIONS.length).fill(1 / EMOTIONS.length), [
      2,
      EMOTIONS.length,
    ]);
    await mkdir(at('wrong'));
    await writeFile(at('wrong', 'outputs.npy'), other);
    await writeFile(at('wrong', 'inputs.npy'), await readFile(at('answers', 'inputs.npy')));
    const refused = await importing('never', '--check', at('wrong'));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('UT_TRAINING_IMPORT_DIFFERS');
    expect(await readdir(folder)).not.toContain('never');
    expect((await importing('unchecked')).err).toContain('nothing was compared');
  });

  test('is told which scaling of its inputs would explain other answers', async () => {
    const [inputs, folderName] = [await readFile(at('answers', 'inputs.npy')), 'scaled'];
    const body = inputs.length - 2 * SIDE * SIDE * 3 * 4;
    const values = new Float32Array(
      inputs.buffer.slice(inputs.byteOffset + body, inputs.byteOffset + inputs.length),
    );
    const scaled = encodeNpy(
      values.map((value) => value * 255),
      [2, SIDE, SIDE, 3],
    );
    await mkdir(at(folderName));
    await writeFile(at(folderName, 'inputs.npy'), scaled);
    await writeFile(at(folderName, 'outputs.npy'), await readFile(at('answers', 'outputs.npy')));
    const { err } = await importing('never', '--check', at(folderName));
    expect(err).toContain('The model agrees with the inputs divided by 255.');
  });

  test('needs as many labels as it has outputs', async () => {
    const { code, err } = await importing('never', '--labels', 'angry,sad');
    expect(code).toBe(1);
    expect(err).toContain('7 outputs, 2 labels');
  });
});
