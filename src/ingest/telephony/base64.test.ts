import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase64 } from './base64.js';

const STANDARD = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

it('gives back what was encoded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect([...decodeBase64(Buffer.from(bytes).toString('base64'))!]).toEqual([...bytes]);
    }),
  );
});

it('takes what the standard allows, and nothing else', () => {
  const sign = fc.constantFrom(...'AZaz09+/=-_ \n.é€'.split(''), '\u{1f600}');
  const text = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(text, (text) => {
      expect(decodeBase64(text) !== undefined).toBe(STANDARD.test(text));
    }),
    { numRuns: 3000 },
  );
});

it.each(['====', '=', 'A===', 'AA=A', 'AA==AAAA', 'AAA', 'AAA\n', ' AAA', 'AA-_', 'AAAA====', 'AAAÁ'])(
  'refuses %j',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  },
);
