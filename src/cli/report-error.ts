import { ERROR_CATALOGUE, UndertoneError } from '../errors.js';
import { styled, type Terminal } from './terminal.js';

/** One block a stranger can act on: what, where, and what to do; the stack only on request. */
export function describeError(error: unknown, terminal: Pick<Terminal, 'colours'>, debug: boolean): string {
  const known = error instanceof UndertoneError ? error : undefined;
  const code = known?.code ?? 'UT_INTERNAL';
  const rows: [string, string | undefined][] = [
    ['where', known?.place],
    ['what', known?.detail ?? messageOf(error)],
    [
      'do',
      (known?.remedy ?? ERROR_CATALOGUE[code].remedy) +
        (known || debug ? '' : ' (--debug prints the stack.)'),
    ],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(6)}${indented(text)}\n`],
  );
  const head = styled(terminal, ['red', 'bold'], `✗ ${code}`);
  return `${head} ${ERROR_CATALOGUE[code].meaning}\n${lines.join('')}${debug ? stacksOf(error) : ''}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n        ');
}

function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `caused by\n${stacksOf(error.cause)}`;
  return `\n${error.stack ?? error.message}\n${cause}`;
}
