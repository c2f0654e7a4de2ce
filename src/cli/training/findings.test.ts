import { expect, test } from 'vitest';
import { type Finding, isError } from '../../training/index.js';
import { counted, findingLines } from './findings.js';

const finding = (kind: Finding['kind'], file: string): Finding => ({ file, kind, detail: 'because.' });

test('findings say whether they are wrong, left out or to be noted', () => {
  const findings = [
    finding('left-out', 'b'),
    finding('two-labels', 'a'),
    finding('no-label', 'c'),
    finding('short', 'd'),
  ];
  expect(findingLines(findings, isError, null)).toEqual([
    'wrong: a: because.\n',
    'left out: b: because.\n',
    'left out: c: because.\n',
    'note: d: because.\n',
  ]);
});

test('many of a kind are counted, and it is said where they lie', () => {
  const stereo = Array.from({ length: 13 }, (_, i) => finding('stereo', String(i)));
  const lines = findingLines([...stereo, finding('short', 'x')], isError, 'data/x/findings.jsonl');
  expect(lines.length).toBe(12);
  expect(lines[10]).toBe('  and 3 more of the kind "stereo", all in data/x/findings.jsonl\n');
  expect(findingLines(stereo, isError, null).length).toBe(13);
});

test('words are counted', () => {
  expect(counted(['sad', 'angry', 'happy', 'sad'])).toBe('sad 2, angry 1, happy 1');
});
