/** Markup that is safe to put into a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | readonly Content[];

/**
 * Markup from a template. What is put in is text and is escaped, unless it is markup itself; lists are put one after the
 * other, `null` is nothing. A number keeps its % on its line. Attributes stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((text, part, i) => text + markup(values[i - 1] ?? null) + part));
}

function markup(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(markup).join('');
  const text = String(content).replace(/(?<=\d) %/g, '\u00a0%');
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** A number in an attribute of a drawing: a tenth of a pixel is fine enough. */
export const px = (value: number) => String(Math.round(value * 10) / 10);
