import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../deploy/source/dashboards/dashboards.js';
import { ALERTS } from '../../deploy/source/rules/rules.js';
import { ERROR_CATALOGUE } from '../../src/errors.js';
import { LOG_EVENTS } from '../../src/telemetry/index.js';
import { expressionsOf, panelsOf } from '../support/dashboards.js';
import { projectFiles, textOf } from './project-files.js';

const boards = Object.entries(DASHBOARDS);
const runbooks = projectFiles('docs/runbooks');

test('every panel says what it shows, in which unit, and asks something', () => {
  for (const [file, board] of boards) {
    const panels = panelsOf(board);
    expect(panels.length, file).toBeGreaterThan(5);
    for (const panel of panels) {
      const place = `${file}: ${panel.title}`;
      expect(panel.title, place).toMatch(/^[A-Z].*[^.]$/);
      expect(panel.description, place).toMatch(/^[A-Z1].*\.$/s);
      expect(panel.unit, place).not.toBe('');
      expect(panel.expressions.length, place).toBeGreaterThan(0);
    }
    expect(new Set(panels.map(({ title }) => title)).size, file).toBe(panels.length);
  }
});

test('no dashboard asks about agents, tenants or single calls', () => {
  for (const [file, board] of boards) {
    for (const { expr } of expressionsOf(board)) expect(expr, file).not.toMatch(/agent|tenant|call_?id/i);
  }
});

test('the rules that Prometheus loads are those of the source', () => {
  const { groups } = parse(textOf('deploy/prometheus/undertone.rules.yaml'));
  const names = groups.flatMap(({ rules }: { rules: { alert?: string }[] }) =>
    rules.flatMap(({ alert }) => alert ?? []),
  );
  expect(names).toEqual(ALERTS.map(({ name }) => name));
});

test('every alert has its page, and every page its alert', () => {
  const pages = runbooks.map((file) => file.replace(/^.*\/|\.md$/g, ''));
  expect(pages.sort()).toEqual([...new Set(ALERTS.map(({ name }) => name))].sort());
});

const SECTIONS = [
  '## What users see',
  '## Likely causes, in this order',
  '## What to look at',
  '## What to do',
  '## When it is over',
];
const panelTitles = boards.flatMap(([, board]) => panelsOf(board).map(({ title }) => title));
const boardNames = boards.map(([, { title }]) => title!.replace('Undertone: ', '').toLowerCase());
const settings = textOf('docs/configuration.md');

test.each(runbooks)('%s answers the five questions, in words that exist', (file) => {
  const text = textOf(file);
  expect(text.split('\n').filter((line) => line.startsWith('## '))).toEqual(SECTIONS);
  for (const [, name] of text.matchAll(/\*([^*\n]+)\*/g)) {
    const known = panelTitles.includes(name!) || boardNames.includes(name!.toLowerCase());
    expect(known, `*${name}* is no panel and no dashboard`).toBe(true);
  }
  for (const [code] of text.matchAll(/UT_[A-Z0-9_]+_[A-Z0-9_]+/g))
    expect(ERROR_CATALOGUE).toHaveProperty(code);
  for (const [, setting] of text.matchAll(
    /`((?:gateway|bus|worker|model|redis|console|health|shutdown)\.[\w.]+)[^`]*`/g,
  )) {
    expect(settings, setting).toContain(`\`${setting}\``);
  }
  for (const [, event] of text.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)) expect(LOG_EVENTS).toHaveProperty(event!);
});

test('the panels that docs/faults.md sends its readers to are on the dashboard Pipeline', async () => {
  const source = new URL('../../scripts/docs/faults.mjs', import.meta.url).href;
  const { SEEN } = (await import(source)) as { SEEN: Readonly<Record<string, readonly [string, string]>> };
  const titles = panelsOf(DASHBOARDS['pipeline.json']!).map(({ title }) => title);
  for (const [step, [, dashboard]] of Object.entries(SEEN)) {
    const named = [...dashboard.matchAll(/\*([^*]+)\*/g)].map(([, title]) => title);
    expect(named.length, step).toBeGreaterThan(0);
    for (const title of named) expect(titles, step).toContain(title);
  }
});
