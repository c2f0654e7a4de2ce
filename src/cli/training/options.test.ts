import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { UndertoneError } from '../../errors.js';
import { CORPORA } from '../../training/index.js';
import { corpusArgument, keyOf, number, numbers, wholeNumber } from './options.js';

test('a corpus is told by the name of its folder, or by name', () => {
  expect(corpusArgument('corpora/tess/', CORPORA)).toEqual({ corpus: 'tess', folder: 'corpora/tess/' });
  expect(corpusArgument('/data/RAVDESS', CORPORA)).toEqual({ corpus: 'ravdess', folder: '/data/RAVDESS' });
  expect(corpusArgument('emodb=my recordings', CORPORA)).toEqual({
    corpus: 'emodb',
    folder: 'my recordings',
  });
});

test('an unknown corpus names those there are', () => {
  expect(() => corpusArgument('corpora/iemocap', CORPORA)).toThrow(/tess, ravdess, emodb/);
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
