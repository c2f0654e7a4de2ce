#!/usr/bin/env node
/** npm run chaos: torments real workers, brokers and Redis, and compares what they wrote with an undisturbed run. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = async (file) => {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
};

const { parseOptions, USAGE } = await load('options.ts');
const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const { runChaos } = await load('run.ts');
const passed = await runChaos(parseOptions(args), (line) => console.log(line));
process.exit(passed ? 0 : 1);
