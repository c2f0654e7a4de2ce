import { expect, test } from 'vitest';
import { UndertoneError } from '../errors.js';
import { deadLetter } from './dead-letters.js';

const RECORD = {
  topic: 'audio',
  partition: 3,
  offset: 77,
  key: 'call-1',
  value: Uint8Array.of(1, 2, 3),
  headers: { ce_type: 'audio.chunk' },
  timestampMs: 0,
};
const ERROR = new UndertoneError('UT_INGEST_BAD_RECORD', 'it is no audio.', { place: 'header leg' });

test('a dead letter is the record as it came, with the reason and where it stood', () => {
  const { topic, key, value, headers } = deadLetter('letters', RECORD, ERROR);
  expect({ topic, key, value }).toEqual({ topic: 'letters', key: 'call-1', value: RECORD.value });
  expect(headers).toMatchObject({
    ce_type: 'audio.chunk',
    reason: 'UT_INGEST_BAD_RECORD',
    'source-position': 'audio/3/77',
  });
  expect(headers.detail).toContain('it is no audio');
});

test('a dead letter always fits into a record, whatever the record was', () => {
  const headers = Object.fromEntries(
    Array.from({ length: 400 }, (_, n) => [`header-${n}`, 'x'.repeat(n % 2 === 0 ? 900 : 5000)]),
  );
  const monster = { ...RECORD, key: 'k'.repeat(500_000), value: new Uint8Array(900_000), headers };
  const letter = deadLetter('letters', monster, ERROR);
  const bytes = JSON.stringify(letter.headers).length + letter.key.length + letter.value!.byteLength;
  expect(bytes).toBeLessThan(100_000);
  expect(letter.headers).toMatchObject({ 'value-left-out': '900000', 'source-position': 'audio/3/77' });
});
