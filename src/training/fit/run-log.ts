import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files.js';
import type { Validation } from './validator.js';

/** One line of `log.jsonl`. */
export interface EpochLog {
  readonly epoch: number;
  readonly steps: number;
  readonly loss: number;
  readonly accuracy: number;
  /** `null` where the protocol leaves nobody to validate with. */
  readonly validation: Validation | null;
  /** At the epoch's last step. */
  readonly learningRate: number;
  readonly best: boolean;
  readonly seconds: number;
  readonly tensors: number;
  readonly rssBytes: number;
}

const pathOf = (folder: string) => join(folder, 'log.jsonl');

export async function appendLog(folder: string, line: EpochLog): Promise<void> {
  await appendFile(pathOf(folder), `${JSON.stringify(line)}\n`);
}

/** Drops the lines after an epoch: what a killed run logged but did not save will be logged again. */
export async function rewindLog(folder: string, epoch: number): Promise<void> {
  const text = await readFile(pathOf(folder), 'utf8').catch(() => '');
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '');
  const kept = lines.filter((line) => (JSON.parse(line) as EpochLog).epoch <= epoch);
  await writeFileAtomically(pathOf(folder), kept.map((line) => `${line}\n`).join(''));
}
