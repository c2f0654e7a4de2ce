import type { NewRecord } from '../../src/bus/index.js';
import type { Random } from '../../src/training/random.js';

const text = (value: string): Uint8Array => Buffer.from(value);

const control = (good: NewRecord, type: string, value: string): NewRecord => ({
  ...good,
  value: text(value),
  headers: { ...good.headers, ce_type: type, 'content-type': 'application/json' },
});

const withHeader = (good: NewRecord, name: string, value: string): NewRecord => ({
  ...good,
  headers: { ...good.headers, [name]: value },
});

/** Ways to spoil a good chunk. Each must become one dead letter, and change nothing else. */
const WAYS: readonly ((good: NewRecord) => NewRecord)[] = [
  (good) => withHeader(good, 'encoding', 'opus'),
  (good) => withHeader(good, 'leg', 'supervisor'),
  (good) => withHeader(good, 'rate', '8 kHz'),
  (good) => withHeader(good, 'ce_type', 'audio.chank'),
  (good) => withHeader(good, 'offset-samples', '1000000000000'),
  (good) => ({ ...good, headers: {} }),
  (good) => ({ ...good, key: `ghost-${good.key}` }),
  (good) => control(good, 'call.ended', '{"reason":'),
  (good) => control(good, 'call.resumed', '{"durationMs":100}'),
];

export function poisonRecord(random: Random, good: NewRecord): NewRecord {
  return random.pick(WAYS)(good);
}
