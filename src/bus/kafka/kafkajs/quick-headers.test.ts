import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeadersQuickly } from './quick-headers.js';

const load = createRequire(import.meta.url);
const Encoder = load('kafkajs/src/protocol/encoder');
const Decoder = load('kafkajs/src/protocol/decoder');
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0');
const decodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0/decoder');

function roundTrip(headers: Readonly<Record<string, string>>) {
  const { buffer } = encodeRecord({
    offsetDelta: 3,
    timestampDelta: 5,
    key: 'k',
    value: Buffer.from('v'),
    headers,
  });
  const whole = new Decoder(buffer);
  const record = new Decoder(whole.readVarIntBytes());
  return decodeRecord(record, { firstOffset: '10', firstTimestamp: '100', timestampType: 0 });
}

test('headers are text, whatever stands in them', () => {
  readHeadersQuickly();
  const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (headers) => {
      expect(roundTrip(headers)).toMatchObject({ offset: '13', timestamp: '105' });
      expect(roundTrip(headers).headers).toEqual({ ...headers });
    }),
  );
});

test('a missing value is empty, and of two with one name the last counts', () => {
  readHeadersQuickly();
  const bytes = new Encoder().writeVarInt(3);
  for (const [key, value] of [
    ['a', '1'],
    ['b', null],
    ['a', '2'],
  ] as const) {
    bytes.writeVarIntString(key).writeVarIntBytes(value);
  }
  expect(new Decoder(bytes.buffer).readVarIntArray().reduce()).toEqual({ a: '2', b: '' });
});
