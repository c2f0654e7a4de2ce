import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKerasFile, vgg16Of, writeKerasArchive } from '../../src/inference/index.js';
import { compileOnnx, ONNX_INPUT, ONNX_OUTPUT } from '../../src/inference/onnx/compile.js';
import { runPython } from '../support/python.js';
import { describeWith } from '../support/requirements.js';

const MAKER = fileURLToPath(new URL('foreign_models.py', import.meta.url));
const SHAPE = [64, 64, 3];
const LENGTH = 64 * 64 * 3;
const MODELS = ['nested_in_sequential', 'nested_in_functional', 'layers_side_by_side', 'from_scratch'];

async function answersOf(bytes: Uint8Array, name: string, inputs: Float32Array): Promise<number[][]> {
  const session = await InferenceSession.create(compileOnnx(vgg16Of(await readKerasFile(bytes, name), name)));
  const answers: number[][] = [];
  for (let at = 0; at < inputs.length; at += LENGTH) {
    const window = new Tensor('float32', inputs.subarray(at, at + LENGTH), [1, ...SHAPE]);
    const outputs = await session.run({ [ONNX_INPUT]: window });
    answers.push([...(outputs[ONNX_OUTPUT]!.data as Float32Array)]);
  }
  await session.release();
  return answers;
}

function worst(found: number[][], expected: number[][]): number {
  return Math.max(...found.flat().map((value, i) => Math.abs(value - expected.flat()[i]!)));
}

describeWith(['python'], "other people's models", () => {
  let folder: string;
  let judged: Record<string, number[][]>;
  let inputs: Float32Array;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-foreign-'));
    judged = (await runPython(MAKER, [folder])) as typeof judged;
    inputs = new Float32Array((await readFile(join(folder, 'inputs.f32'))).buffer);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  test('there is a judgement of each', () => {
    expect(Object.keys(judged)).toEqual(MODELS);
    for (const answers of Object.values(judged)) expect(Math.max(...answers.flat())).toBeLessThan(0.999);
  });

  test.each(MODELS.flatMap((name) => [`${name}.keras`, `${name}.h5`]))(
    '%s answers as in Keras',
    async (file) => {
      const bytes = await readFile(join(folder, file));
      const expected = judged[file.split('.')[0]!]!;
      expect(worst(await answersOf(bytes, file, inputs), expected)).toBeLessThan(1e-4);
      const again = await writeKerasArchive(await readKerasFile(bytes, file));
      await writeFile(join(folder, `again-${file}`), again);
      expect(worst(await answersOf(again, file, inputs), expected)).toBeLessThan(1e-4);
    },
  );
});
