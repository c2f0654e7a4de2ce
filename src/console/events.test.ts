import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScriptedCall } from '../../test/browser/support/scripted-call.js';
import { UndertoneError } from '../errors.js';
import { eventOf } from './events.js';

const script = new ScriptedCall({ callId: 'a', startedAtMs: 0, scenes: [{ windows: 9, mood: 'angry' }] });

function record(ceType: string | undefined, value: unknown) {
  const bytes =
    value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const headers = ceType === undefined ? {} : { ce_type: ceType };
  return { topic: 't', partition: 1, offset: 7, timestampMs: 0, key: 'a', value: bytes, headers };
}

test('an event is exactly what was published', () => {
  const point = script.event(3);
  expect(eventOf(record('undertone.point.v1', point))).toEqual({ kind: 'point', value: point });
});

test('what stands beside the summary in its record, such as state to go on with, is not streamed', () => {
  const summary = script.summary(5);
  expect(eventOf(record('undertone.call.v1', { ...summary, resume: { frames: [1] } }))).toEqual({
    kind: 'summary',
    value: summary,
  });
});

test('a record without a value says that its call was erased', () => {
  expect(eventOf(record(undefined, null))).toEqual({ kind: 'erased', value: { callId: 'a' } });
});

test.each([undefined, 'undertone.other.v1'])('records of type %s pass by', (ceType) => {
  expect(eventOf(record(ceType, 'anything'))).toBeUndefined();
});

test.each(['', 'x', '{}', '[]', '{"callId":""}'])('the value %j is refused with its place', (value) => {
  expect(() => eventOf(record('undertone.alert.v1', value))).toThrow(/UT_CONSOLE_BAD_EVENT at t\/1\/7/);
});

test('no bytes whatever make it fail otherwise', () => {
  const types = ['point', 'hole', 'call', 'alert'].map((kind) => `undertone.${kind}.v1`);
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.json(), (ceType, value) => {
      expect(() => eventOf(record(ceType, value))).toThrow(UndertoneError);
    }),
  );
});
