import { readFile } from 'node:fs/promises';

/** The colours are those of the console, which keeps their contrast in the light and in the dark. */
const SHEETS = [
  new URL('../../console/tokens.css', import.meta.url),
  ...['page', 'tables', 'charts'].map((name) => new URL(`./styles/${name}.css`, import.meta.url)),
];

/** The style sheet of the page, in one text. */
export async function reportStyles(): Promise<string> {
  return (await Promise.all(SHEETS.map((sheet) => readFile(sheet, 'utf8')))).join('\n');
}
