import { expect, test } from 'vitest';
import { runCommandLine } from '../program.js';

async function run(...args: string[]) {
  const err: string[] = [];
  const terminal = { colours: false, out: () => undefined, err: (text: string) => void err.push(text) };
  return { code: await runCommandLine(args, terminal), err: err.join('') };
}

test.each([
  [['topics', 'diff']],
  [['topics', 'apply']],
  [['dead-letters', 'list']],
  [['dead-letters', 'replay', '--dry-run']],
  [['erase', 'CA1', '--tenant', 'acme']],
])('%j without Kafka says which configuration it needs', async (args) => {
  const { code, err } = await run(...args);
  expect(code).toBe(1);
  expect(err).toContain('UT_CLI_NO_KAFKA');
  expect(err).toContain('bus.kind');
});

test.each([
  [['dead-letters', 'list', '--since', 'yesterday']],
  [['dead-letters', 'list', '--limit', '-1']],
  [['erase', 'CA1']],
  [['topics', 'drop']],
])('%j is a usage error', async (args) => {
  expect((await run(...args)).code).toBe(2);
});
