#!/usr/bin/env node
/**
 * Copies what TypeScript leaves behind (threads written in JavaScript, JSON Schemas, styles) from src/ to dist/, beside the
 * modules that load it. The console's page has a build of its own.
 */
import { cpSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENDINGS = new Set(['.js', '.mjs', '.json', '.css']);
const page = join('console', 'page') + sep;

for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!ENDINGS.has(extname(name)) || name.startsWith(page)) continue;
  cpSync(join(root, 'src', name), join(root, 'dist', name));
}
