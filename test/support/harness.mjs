import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/**
 * Runs a harness that is written in TypeScript: `options.ts` beside it has parseOptions and USAGE, and the module named a
 * function that resolves with whether it passed.
 * @param place `import.meta.url` of the harness' main file
 */
export async function runHarness(place, module, run) {
  const load = async (file) => {
    const path = fileURLToPath(new URL(file, place));
    return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
  };
  const { parseOptions, USAGE } = await load('options.ts');
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    process.exit(0);
  }
  const passed = await (await load(module))[run](parseOptions(args), (line) => console.log(line));
  process.exit(passed ? 0 : 1);
}
