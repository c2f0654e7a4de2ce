import { expect, test } from 'vitest';
import { ERROR_CATALOGUE } from '../../src/errors.js';
import { projectFiles, textOf } from './project-files.js';

const entries = Object.entries(ERROR_CATALOGUE);
const code = projectFiles('src')
  .filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith('.test.ts') && file !== 'src/errors.ts')
  .map(textOf)
  .join('\n');

test('every code has a room, a meaning and a remedy, in sentences', () => {
  expect(entries.length).toBeGreaterThan(20);
  for (const [name, { meaning, remedy }] of entries) {
    expect(name).toMatch(/^UT_[A-Z0-9]+(_[A-Z0-9]+)*$/);
    expect(meaning, name).toMatch(/^.{15,}[.!]$/s);
    expect(remedy, name).toMatch(/^.{10,}[.!)]$/s);
  }
});

test('every code is raised somewhere', () => {
  const unused = entries
    .map(([name]) => name)
    .filter((name) => name !== 'UT_INTERNAL' && !code.includes(name));
  expect(unused).toEqual([]);
});
