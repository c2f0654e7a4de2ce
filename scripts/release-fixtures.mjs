#!/usr/bin/env node
/**
 * Keeps what the version in package.json reads and writes in test/fixtures/releases, for the tests of the versions after it.
 * Run once, when the version is raised: node scripts/release-fixtures.mjs
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const file = fileURLToPath(new URL('../test/compatibility/release.ts', import.meta.url));
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
const release = await module.presentRelease();
if (existsSync(module.folderOf(release.version))) {
  console.error(`${release.version} is kept already; what a release was does not change any more.`);
  process.exit(1);
}
console.log(`wrote ${module.writeRelease(release)}`);
