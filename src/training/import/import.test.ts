import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeNpy } from '../npy.js';
import { readExpectations } from './expectations.js';
import { outputLabelsOf, outputNamesOf } from './labels.js';
import { notebookFrontEnd } from './notebook-front-end.js';
import { suspectFrontEnds, suspectInputs } from './suspects.js';

describe('labels', () => {
  test("get Undertone's words, in the order of the outputs", () => {
    expect(outputNamesOf(['Anger', 'fearful', 'pleasant surprise', 'neutral'], '--labels')).toEqual([
      'angry',
      'fear',
      'surprise',
      'neutral',
    ]);
  });

  test('without a word are refused with the nearest', () => {
    expect(() => outputNamesOf(['hapy'], '--labels')).toThrow(/"hapy" is no label .* Did you mean "happy"/);
  });

  test('calm and excitement count as the label that is nearest', () => {
    const words = outputNamesOf(['neutral', 'Calm', 'happy', 'excited'], '--labels');
    expect(words).toEqual(['neutral', 'calm', 'happy', 'excitement']);
    expect(outputLabelsOf(words)).toEqual(['neutral', 'neutral', 'happy', 'happy']);
  });

  test('that mean the same are refused', () => {
    expect(() => outputNamesOf(['sad', 'sadness'], '--labels')).toThrow(/"sad" stands twice/);
  });
});

describe('the front end of a notebook', () => {
  const of = (settings: object, shape = [224, 224, 3], seconds: number | undefined = 3) =>
    notebookFrontEnd(settings as Record<string, unknown>, shape, seconds, '--with');

  test("is librosa's defaults and a picture of the model's size", () => {
    expect(of({ picture: { preprocessing: 'caffe' } })).toMatchObject({
      sampleRateHz: 22_050,
      nFft: 2048,
      winLength: 2048,
      fMaxHz: 11_025,
      windowFrames: 130,
      windowHopFrames: 43,
      picture: { height: 224, width: 224, colours: 'grey', preprocessing: 'caffe' },
    });
    expect(of({}, [128, 96, 1]).picture).toMatchObject({ height: 128, width: 96, colours: 'single' });
  });

  test('has the frames that librosa makes of so many seconds', () => {
    expect(of({ sampleRateHz: 16_000, hopLength: 160 }).windowFrames).toBe(301);
    expect(of({ sampleRateHz: 16_000, hopLength: 160, nFft: 512, center: false }).windowFrames).toBe(297);
    expect(of({ windowFrames: 128 }).windowFrames).toBe(128);
  });

  test('has no picture where the model takes the window itself', () => {
    expect(of({ picture: null, windowFrames: 128 })).not.toHaveProperty('picture');
  });

  test('must have a length, and no field that does not exist', () => {
    expect(() => notebookFrontEnd({}, [224, 224, 3], undefined, '--with')).toThrow(/give --window-seconds/);
    expect(() => of({ picture: { colors: 'magma' } })).toThrow(/BAD_FRONT_END.*colors/);
  });
});

describe('suspects', () => {
  const frontEnd = notebookFrontEnd({}, [8, 8, 3], 1, '');

  test('each differ from the front end in what they are named after', () => {
    const suspects = suspectFrontEnds(frontEnd);
    const names = suspects.map(({ name }) => name);
    expect(names).toContain('picture.preprocessing = caffe');
    expect(names).toContain('picture.rows = low-band-last');
    expect(names).not.toContain('picture.rows = low-band-first');
    expect(new Set(names).size).toBe(names.length);
    for (const { changed } of suspects) expect(changed).not.toEqual(frontEnd);
  });

  test('exchange red and blue', () => {
    const reversed = suspectInputs(Float32Array.of(1, 2, 3, 4, 5, 6), 3).at(-1)!;
    expect([...reversed.changed]).toEqual([3, 2, 1, 6, 5, 4]);
  });
});

describe('a folder to compare with', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-check-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const put = (name: string, content: string | Buffer) => writeFile(join(folder, name), content);
  const read = () => readExpectations(folder, ['sad', 'happy']);

  test('gives inputs with their outputs, and recordings with theirs in the order of the labels', async () => {
    await put('inputs.npy', encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2, 1, 1]));
    await put('outputs.npy', encodeNpy(Float32Array.of(0.25, 0.75, 1, 0), [2, 2]));
    await put('expected.csv', 'file,happy,sad\r\na.wav,0.9,0.1\r\n');
    const { inputs, audio } = await read();
    expect(inputs.map(({ input, probabilities }) => [[...input], probabilities])).toEqual([
      [
        [1, 2],
        [0.25, 0.75],
      ],
      [
        [3, 4],
        [1, 0],
      ],
    ]);
    expect(audio).toEqual([{ name: 'a.wav', path: join(folder, 'a.wav'), probabilities: [0.1, 0.9] }]);
  });

  test.each<[string, Record<string, string | Buffer>, RegExp]>([
    ['is empty', {}, /neither inputs.npy/],
    ['has inputs alone', { 'inputs.npy': encodeNpy(new Float32Array(2), [1, 2]) }, /outputs.npy/],
    [
      'has outputs of another model',
      {
        'inputs.npy': encodeNpy(new Float32Array(2), [1, 2, 1, 1]),
        'outputs.npy': encodeNpy(new Float32Array(3), [1, 3]),
      },
      /\[1,3\], \[1,2\] is needed/,
    ],
    ['has no column for a label', { 'expected.csv': 'file,happy\na.wav,1\n' }, /file,sad,happy/],
    ['has a gap', { 'expected.csv': 'file,happy,sad\na.wav,1,\n' }, /Line 2/],
    [
      'holds pickled arrays',
      { 'inputs.npy': Buffer.from('\x93NUMPY'), 'outputs.npy': Buffer.alloc(0) },
      /astype/,
    ],
  ])('that %s is refused', async (_, files, message) => {
    for (const [name, content] of Object.entries(files)) await put(name, content);
    await expect(read()).rejects.toThrow(message);
    await expect(read()).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_CHECK' });
  });
});
