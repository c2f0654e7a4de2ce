import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutToBytes } from './ws-feed-socket.js';

it('cuts a reason to what a close frame holds, never inside a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-composite', maxLength: 200 }),
      fc.nat({ max: 130 }),
      (text, maxBytes) => {
        const cut = cutToBytes(text, maxBytes);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
        expect(text.startsWith(cut)).toBe(true);
        if (Buffer.byteLength(text) <= maxBytes) expect(cut).toBe(text);
      },
    ),
  );
});
