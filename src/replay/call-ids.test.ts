import { expect, test } from 'vitest';
import { newCallIdPrefix } from './call-ids.js';

test('ids of calls that are played have too few digits in a row for a phone number', () => {
  expect(newCallIdPrefix('replay')).toMatch(/^replay-[0-9a-f]{6}$/);
  expect(newCallIdPrefix('load')).toMatch(/^load-[0-9a-f]{6}$/);
});
