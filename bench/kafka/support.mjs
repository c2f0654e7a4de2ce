import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const loaded = new Map();

/** A module of test/support, which is TypeScript; each file once. */
export function support(file) {
  if (!loaded.has(file)) {
    const path = fileURLToPath(new URL(`../../test/support/${file}`, import.meta.url));
    loaded.set(file, runnerImport(path, { configFile: false, logLevel: 'error' }));
  }
  return loaded.get(file).then(({ module }) => module);
}
