import { expect, test } from 'vitest';
import { EMOTIONS } from '../../src/inference/index.js';
import { DIALECTS, LEGS } from '../../src/ingest/index.js';
import { LABEL, LOG_EVENTS, METRICS } from '../../src/telemetry/index.js';
import { projectFiles, textOf } from './project-files.js';

const keys = Object.keys(METRICS);
const names = Object.values(METRICS).map((metric) => metric.name);

test('every metric that a page names exists', () => {
  const pages = projectFiles('docs').filter((file) => file.endsWith('.md'));
  const named = pages.flatMap((page) => textOf(page).match(/\bundertone_[a-z]+(_[a-z]+)+\b/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !names.some((known) => name === known))).toEqual([]);
});

const sources = projectFiles('src').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const code = sources.map(textOf).join('\n');

test('every metric is measured somewhere', () => {
  expect(keys.filter((key) => !new RegExp(`metrics\\??\\.${key}\\b`).test(code))).toEqual([]);
});

test('every event of the log is reported somewhere, and nothing is logged beside the catalogue', () => {
  const reported = new Set([...code.matchAll(/\.report\(\s*'([a-z-]+)'/g)].map((match) => match[1]));
  expect(Object.keys(LOG_EVENTS).filter((name) => !reported.has(name))).toEqual([]);
  const beside = sources.filter((file) =>
    /\b(logger|log)\.(debug|info|warn|error|fatal)\(/.test(textOf(file)),
  );
  expect(beside).toEqual([]);
});

test('labels know the same words as the rooms that report them', () => {
  expect(LABEL.dialect.values).toEqual(DIALECTS);
  expect(LABEL.leg.values).toEqual(LEGS);
  expect(LABEL.emotion.values).toEqual([...EMOTIONS, 'uncertain']);
});

test('no label holds what a stranger sends', () => {
  const names = new Set(Object.values(METRICS).flatMap(({ labels }) => Object.keys(labels)));
  // A queue is a label by the names of the configuration alone: see NamedQueues.
  for (const name of ['callId', 'tenant', 'feedId', 'agent']) expect(names).not.toContain(name);
});
