import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SET_UP = 'node scripts/setup-python.mjs';

/** The interpreter of the environment that `scripts/setup-python.mjs` makes. */
export const PYTHON = fileURLToPath(new URL('../../.cache/python/bin/python', import.meta.url));

/** Written when the environment is whole. */
const STAMP = fileURLToPath(new URL('../../.cache/python/undertone-stamp', import.meta.url));

/** Whether `scripts/setup-python.mjs` has finished. */
export const pythonIsReady = () => existsSync(STAMP);

/**
 * Whether Python tests can run. Where they cannot, the suite is to be skipped (the reason is printed); in CI that
 * is an error.
 */
export function hasPython(): boolean {
  if (pythonIsReady()) return true;
  const message = `the Python environment is missing; make it with: ${SET_UP}`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`skipped: ${message}`);
  return false;
}

/** Runs a script and parses the JSON that it prints as its last line. */
export async function runPython(script: string, args: readonly string[]): Promise<unknown> {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };
  const { stdout } = await promisify(execFile)(PYTHON, [script, ...args], {
    env: environment,
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
