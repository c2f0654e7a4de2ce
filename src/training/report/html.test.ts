import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';

describe('markup', () => {
  it('escapes text, keeps markup, puts lists one after the other and leaves out nothing', () => {
    const item = (text: string) => html`<li>${text}</li>`;
    expect(html`<ul class="${'a"b'}">${['<x>', 'a & b'].map(item)}${null}${7}</ul>`.text).toBe(
      '<ul class="a&#34;b"><li>&#60;x&#62;</li><li>a &#38; b</li>7</ul>',
    );
  });

  it('keeps a number and its % on one line', () => {
    expect(html`${'66.3 %, of 2 % lost'}`.text).toBe('66.3\u00a0%, of 2\u00a0% lost');
  });

  it('lets no text become markup or end an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });
});
