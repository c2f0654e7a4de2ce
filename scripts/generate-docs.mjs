#!/usr/bin/env node
/**
 * Writes the pages and schemas that follow from the code: docs/configuration.md, docs/errors.md, docs/events.md and
 * src/sink/schema/*.schema.json. Run from the build: `npm run docs`.
 *
 *   node scripts/generate-docs.mjs           write
 *   node scripts/generate-docs.mjs --check   exit code 1 where a committed file is not what the code says
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema, renderConfigurationReference } from '../dist/config/index.js';
import { ERROR_CATALOGUE } from '../dist/errors.js';
import { EVENT_TYPES } from '../dist/sink/index.js';
import { alertSchema, callSummarySchema, holeSchema, pointSchema } from '../dist/timeline/index.js';
import { renderErrors } from './docs/errors.mjs';
import { renderEvents } from './docs/events.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { topics } = configSchema.parse({}).bus;

const EVENTS = [
  {
    title: 'Point',
    topic: topics.emotions.name,
    type: EVENT_TYPES.point,
    id: 'callId/leg/windowIndex',
    file: 'point.v1.schema.json',
    of: pointSchema,
  },
  {
    title: 'Hole',
    topic: topics.emotions.name,
    type: EVENT_TYPES.hole,
    id: 'callId/leg/fromWindowIndex',
    file: 'hole.v1.schema.json',
    of: holeSchema,
  },
  {
    title: 'Call summary',
    topic: topics.calls.name,
    type: EVENT_TYPES.call,
    id: 'callId/summary/n',
    file: 'call-summary.v1.schema.json',
    of: callSummarySchema,
  },
  {
    title: 'Alert',
    topic: topics.alerts.name,
    type: EVENT_TYPES.alert,
    id: 'alertId/state',
    file: 'alert.v1.schema.json',
    of: alertSchema,
  },
].map(({ of, ...event }) => ({ ...event, schema: { title: event.title, ...z.toJSONSchema(of) } }));

const files = new Map([
  ['docs/configuration.md', renderConfigurationReference()],
  ['docs/errors.md', renderErrors(ERROR_CATALOGUE)],
  ['docs/events.md', renderEvents(EVENTS, topics.deadLetters.name)],
  ...EVENTS.map(({ file, schema }) => [`src/sink/schema/${file}`, `${JSON.stringify(schema, null, 2)}\n`]),
]);

const stale = [...files].filter(([name, text]) => {
  const path = join(root, name);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
});

if (process.argv.includes('--check')) {
  for (const [name] of stale)
    console.error(`${name} is not what the code says: npm run build && npm run docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
    console.log(`wrote ${name}`);
  }
}
