import { expect, test } from 'vitest';
import { maskPhoneNumbers } from './phone-numbers.js';

test.each([
  ['sip:+491701234567@pbx', 'sip:***67@pbx'],
  ['+49 (170) 123-45-67 rang', '***67 rang'],
  ['4930123456', '***56'],
  ['leg-4930123456-2', 'leg-***56-2'],
  ['call 12345678-1234 of no UUID', 'call ***78-1234 of no UUID'],
])('hides the number in %s', (text, masked) => {
  expect(maskPhoneNumbers(text)).toBe(masked);
});

test.each([
  'CA12345678901234567890123456789012',
  'replay-1a2b3c4d-1',
  'demo-12-calm',
  'replay-123456-12',
  '12345678-1234-4234-8234-123456789012',
  'twilio-12345678-1234-4234-8234-12345678901F',
])('leaves %s, which is no number, as it is', (text) => {
  expect(maskPhoneNumbers(text)).toBe(text);
});
