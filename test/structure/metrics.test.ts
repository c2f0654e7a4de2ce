import { expect, test } from 'vitest';
import { METRICS } from '../../src/telemetry/index.js';
import { projectFiles, textOf } from './project-files.js';

const keys = Object.keys(METRICS);
const names = Object.values(METRICS).map((metric) => metric.name);

test('every metric that a page names exists', () => {
  const pages = projectFiles('docs').filter((file) => file.endsWith('.md'));
  const named = pages.flatMap((page) => textOf(page).match(/\bundertone_[a-z]+(_[a-z]+)+\b/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !names.some((known) => name === known))).toEqual([]);
});

test('every metric is measured somewhere', () => {
  const code = projectFiles('src')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(textOf)
    .join('\n');
  expect(keys.filter((key) => !code.includes(`metrics.${key}.`))).toEqual([]);
});
