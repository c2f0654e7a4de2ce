import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UndertoneError } from '../../errors.js';
import { readNpy } from '../npy.js';

/** One answer that the model gave where it came from. */
export interface Expectation {
  /** Name of the recording, or `inputs.npy[3]`. */
  readonly name: string;
  /** In the order of the model's outputs. */
  readonly probabilities: readonly number[];
}

export interface ExpectedInput extends Expectation {
  /** Float32 [height × width × channels] */
  readonly input: Float32Array;
}

export interface ExpectedAudio extends Expectation {
  readonly path: string;
}

/** What a folder of checks holds; at least one of the two is not empty. */
export interface Expectations {
  readonly inputs: readonly ExpectedInput[];
  readonly audio: readonly ExpectedAudio[];
}

const INPUTS = 'inputs.npy';
const OUTPUTS = 'outputs.npy';
const CSV = 'expected.csv';

/**
 * Reads a folder with `inputs.npy` [n, height, width, channels] and `outputs.npy` [n, classes], or with recordings and
 * `expected.csv` (`file,<label>,<label>…` and a line each), or with both.
 *
 * @param labels the model's labels as they were given: the columns of expected.csv, in any order
 * @throws UT_TRAINING_BAD_CHECK where it holds neither, or where they do not fit together
 */
export async function readExpectations(folder: string, labels: readonly string[]): Promise<Expectations> {
  const has = (name: string) => existsSync(join(folder, name));
  const inputs = has(INPUTS) || has(OUTPUTS) ? await readInputs(folder, labels.length) : [];
  const audio = has(CSV) ? await readCsv(folder, labels) : [];
  if (inputs.length + audio.length > 0) return { inputs, audio };
  const detail = `It holds neither ${INPUTS} and ${OUTPUTS} nor recordings and ${CSV}.`;
  throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place: folder });
}

async function readInputs(folder: string, classes: number): Promise<ExpectedInput[]> {
  const inputs = await readArray(join(folder, INPUTS));
  const outputs = await readArray(join(folder, OUTPUTS));
  const [count = 0, ...shape] = inputs.shape;
  if (`${outputs.shape}` !== `${[count, classes]}`) {
    const detail = `${OUTPUTS} has the shape [${outputs.shape}], [${count},${classes}] is needed: an answer for each of ${INPUTS}.`;
    throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place: folder });
  }
  const length = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, i) => ({
    name: `${INPUTS}[${i}]`,
    input: inputs.data.subarray(i * length, (i + 1) * length),
    probabilities: [...outputs.data.subarray(i * classes, (i + 1) * classes)],
  }));
}

async function readArray(path: string): ReturnType<typeof readNpy> {
  try {
    return await readNpy(path);
  } catch (cause) {
    const detail = `It cannot be used (${(cause as Error).message}). Save it with numpy.save, as 32-bit floats: array.astype("float32").`;
    throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place: path, cause });
  }
}

async function readCsv(folder: string, labels: readonly string[]): Promise<ExpectedAudio[]> {
  const place = join(folder, CSV);
  const [header = [], ...rows] = rowsOf(await readFile(place, 'utf8'), place);
  const columns = labels.map((label) => header.indexOf(label));
  if (header[0] !== 'file' || columns.includes(-1) || header.length !== labels.length + 1) {
    const detail = `Its first line is "${header.join(',')}"; "file" and the labels are needed: file,${labels.join(',')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place });
  }
  return rows.map(([name = '', ...rest], i) => {
    const probabilities = columns.map((column) => Number(rest[column - 1] || Number.NaN));
    if (!probabilities.every(Number.isFinite)) {
      const detail = `Line ${i + 2} does not give a number for each label.`;
      throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place });
    }
    return { name, path: join(folder, name), probabilities };
  });
}

function rowsOf(text: string, place: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    const detail = `It is no CSV (${(cause as Error).message}).`;
    throw new UndertoneError('UT_TRAINING_BAD_CHECK', detail, { place, cause });
  }
}
