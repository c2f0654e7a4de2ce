#!/usr/bin/env node
/**
 * Builds what is out of date and nothing else. npm runs it as `prepare` after `npm ci`, and again when `npx undertone`
 * is called for the first time in a clone; that must not rewrite the files of a program that is running.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The last file of each build step: the compiler's and the page's. */
const PRODUCTS = ['dist/cli/main.js', 'dist/console/page/index.html'].map((file) => join(root, file));

export function isBuilt() {
  if (!PRODUCTS.every(existsSync)) return false;
  return newestSourceMs() <= Math.min(...PRODUCTS.map((file) => statSync(file).mtimeMs));
}

function newestSourceMs() {
  const sources = readdirSync(join(root, 'src'), { recursive: true }).filter(
    (name) => /\.(tsx?|js|css|html|json)$/.test(name) && !name.endsWith('.test.ts'),
  );
  return Math.max(...sources.map((name) => statSync(join(root, 'src', name)).mtimeMs));
}

/** @returns whether everything is built now */
export function ensureBuilt() {
  if (isBuilt()) return true;
  return spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = ensureBuilt() ? 0 : 1;
