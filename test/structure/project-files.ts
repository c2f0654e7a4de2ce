import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders at the root that are made, fetched or handed in, and no part of the project. */
const OUTSIDE = new Set([
  'node_modules',
  'dist',
  '.cache',
  '.git',
  'coverage',
  'artifacts',
  'data',
  'runs',
  'models',
  'shared',
]);

/** Paths of the project's own files under a folder, relative to the root, parted by `/`. */
export function projectFiles(folder = ''): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (folder === '' && OUTSIDE.has(entry.name)) return [];
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path.split('/').join(sep)), 'utf8');
}
