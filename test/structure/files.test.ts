import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT, textOf } from './project-files.js';

/** One list each, to be looked things up in rather than read. */
const LISTS = ['src/errors.ts'];
const CODE = /\.(ts|tsx|mjs|js|css|py)$/;
const TEXT = /\.(ts|tsx|mjs|js|css|html|py|md|json|yaml|yml)$|(^|\/)(run|LICENSE|\.npmrc|\.gitignore)$/;

const files = projectFiles();

/** A test file holds many short stories, the code has to be one. */
const maxLinesOf = (file: string): number => (/\.test\.ts$|^test\//.test(file) ? 500 : 300);

test('no file of code is longer than one can hold in mind', () => {
  const sizes = files
    .filter((file) => CODE.test(file) && !LISTS.includes(file))
    .map((file) => ({ file, lines: textOf(file).split('\n').length }));
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes.filter(({ file, lines }) => lines > maxLinesOf(file))).toEqual([]);
});

test('the lock file works against any registry', () => {
  const lock = textOf('package-lock.json');
  expect(lock).toContain('"lockfileVersion"');
  expect(lock).not.toMatch(
    /https?:\/\/(?!(www\.)?(github\.com|opencollective\.com|paypal|tidelift|patreon|feross|thanks\.dev|polar\.sh|ko-fi|buymeacoffee|liberapay))[^"]*\.tgz/,
  );
  expect(lock).not.toContain('"resolved": "http');
});

test('nothing names the machine it was made on', () => {
  const places = /(?<![\w.])\/(root|tmp\/\w+|(home|Users)\/\w+|mnt\/\w+)\/|\b[A-Z]:\\Users\\/;
  const self = 'test/structure/files.test.ts';
  const named = files.filter((file) => TEXT.test(file) && file !== self && places.test(textOf(file)));
  expect(named).toEqual([]);
});

test('no code was left for later, no test was left out', () => {
  const leftovers = /\b(TODO|FIXME|XXX|HACK)\b|\b(describe|it|test)\.only\(|\bdebugger\b/;
  const self = 'test/structure/files.test.ts';
  const found = files.filter((file) => CODE.test(file) && file !== self && leftovers.test(textOf(file)));
  expect(found).toEqual([]);
});

test('links between pages lead somewhere', () => {
  const pages = files.filter((file) => file.endsWith('.md'));
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => ({
      page,
      target: join(dirname(page), match[1]!),
    })),
  );
  expect(links.length).toBeGreaterThan(10);
  const dead = links.filter(({ target }) => !existsSync(join(ROOT, target)));
  expect(dead.map(({ page, target }) => `${page} → ${target}`)).toEqual([]);
});
