import { styleText } from 'node:util';

/** Where a command writes: answers to `out`, everything else (progress, problems) to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` takes colours. */
  readonly colours: boolean;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
}

type Style = Parameters<typeof styleText>[0];

/** Text in a style where the terminal takes it, plain elsewhere. */
export function styled(terminal: Pick<Terminal, 'colours'>, style: Style, text: string): string {
  return terminal.colours ? styleText(style, text, { validateStream: false }) : text;
}
