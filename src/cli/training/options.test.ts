import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { UndertoneError } from '../../errors.js';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import { CORPORA } from '../../training/index.js';
import { corpusArgument, keyOf, number, numbers, readFrontEnd, wholeNumber } from './options.js';

test('a corpus is told by the name of its folder, or by name', () => {
  expect(corpusArgument('corpora/tess/', CORPORA)).toEqual({ corpus: 'tess', path: 'corpora/tess/' });
  expect(corpusArgument('/data/RAVDESS', CORPORA)).toEqual({ corpus: 'ravdess', path: '/data/RAVDESS' });
  expect(corpusArgument('emodb=my recordings', CORPORA)).toEqual({
    corpus: 'emodb',
    path: 'my recordings',
  });
});

test('own recordings have a name and a layout', () => {
  expect(corpusArgument('my-calls=folders:a=b/c', CORPORA)).toEqual({
    corpus: 'my-calls',
    layout: 'folders',
    path: 'a=b/c',
  });
  expect(corpusArgument('my-calls=csv:D:\\calls.csv', CORPORA)).toMatchObject({ path: 'D:\\calls.csv' });
  expect(() => corpusArgument('my-calls=calls', CORPORA)).toThrow(/NAME=folders:FOLDER/);
});

test('an unknown corpus names those there are', () => {
  expect(() => corpusArgument('corpora/iemokap', CORPORA)).toThrow(
    /tess, ravdess, emodb, iemocap\. Did you mean "iemocap"/,
  );
  expect(() => keyOf({ a: 1 }, 'toString', '--x')).toThrow(UndertoneError);
});

test('numbers are numbers', () => {
  expect([wholeNumber('12'), number('0.25'), numbers('256,128'), numbers('')]).toEqual([
    12,
    0.25,
    [256, 128],
    [],
  ]);
  for (const bad of ['-1', '1.5', 'x', '']) expect(() => wholeNumber(bad), bad).toThrow(InvalidArgumentError);
  for (const bad of ['', 'x', 'NaN']) expect(() => number(bad), bad).toThrow(InvalidArgumentError);
});

test('a front end from a file is whole and holds nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-front-end-'));
  const path = join(folder, 'front-end.json');
  const reading = async (content: unknown) => {
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return readFrontEnd(path);
  };
  const { nMels: _, ...partial } = DEFAULT_FRONT_END;
  const wrong = { ...DEFAULT_FRONT_END, dbReference: { kind: 'fixed', value: '1' } };
  const code = 'UT_FEATURES_BAD_FRONT_END';
  expect(await reading(DEFAULT_FRONT_END)).toEqual(DEFAULT_FRONT_END);
  await expect(reading(partial)).rejects.toMatchObject({ code, message: expect.stringContaining('nMels') });
  await expect(reading({ ...DEFAULT_FRONT_END, mels: 4 })).rejects.toThrow(/"mels"/);
  await expect(reading(wrong)).rejects.toThrow(/field dbReference/);
  await expect(reading('{')).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_OPTIONS', place: path });
  await rm(folder, { recursive: true });
});
