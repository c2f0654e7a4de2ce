import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Something that happened, by the wall clock of this machine, which is the brokers', too. */
export interface JournalEntry {
  readonly at: number;
  readonly what: string;
  readonly [detail: string]: unknown;
}

/** What happened in a run, in order: printed, kept in a file, and asked afterwards. */
export class Journal {
  readonly folder: string;
  readonly entries: JournalEntry[] = [];
  readonly #began = Date.now();
  readonly #print: (line: string) => void;

  constructor(folder: string, print: (line: string) => void) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.#print = print;
  }

  note(what: string, details: Readonly<Record<string, unknown>> = {}): JournalEntry {
    const entry = { at: Date.now(), what, ...details };
    this.entries.push(entry);
    appendFileSync(join(this.folder, 'events.jsonl'), `${JSON.stringify(entry)}\n`);
    const seconds = ((entry.at - this.#began) / 1000).toFixed(1).padStart(6);
    const rest = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    this.#print([`${seconds} s  ${what}`, ...rest].join('  '));
    return entry;
  }
}
