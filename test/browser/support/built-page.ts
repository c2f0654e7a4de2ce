import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const CONFIG = fileURLToPath(new URL('../../../src/console/page/vite.config.ts', import.meta.url));

/** Builds the page as it stands in the sources into a folder of its own, so that no test sees a stale one. */
export async function builtPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'undertone-page-'));
  await build({ configFile: CONFIG, build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
  return outDir;
}
