import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from './project-files.js';

const MAX_PRINTED = 4000;

/** Runs a tool of the project; what it prints is the message of a failure. */
async function complaintsOf(command: string, args: readonly string[]): Promise<string> {
  try {
    await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 24 });
    return '';
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout ?? ''}${stderr ?? ''}`.slice(0, MAX_PRINTED) || message;
  }
}

const tool = (name: string) => join(ROOT, 'node_modules', '.bin', name);
const LONG_MS = 120_000;

test('the linter finds nothing', { timeout: LONG_MS }, async () => {
  expect(await complaintsOf(tool('biome'), ['check', '.'])).toBe('');
});

test.each([['.'], ['src/console/page'], ['test/browser'], ['examples/producers/typescript']])(
  'the types of %s hold',
  { timeout: LONG_MS },
  async (project) => {
    expect(await complaintsOf(tool('tsc'), ['--noEmit', '-p', project])).toBe('');
  },
);

test('the generated pages and schemas are what the code says', { timeout: LONG_MS }, async () => {
  expect(await complaintsOf(process.execPath, ['scripts/generate-docs.mjs', '--check'])).toBe('');
});
