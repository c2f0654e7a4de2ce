/** What stands on each topic, taken from the code: the pages, the JSON Schemas and the AsyncAPI document are made of it. */
import { z } from 'zod';
import { configSchema } from '../../dist/config/index.js';
import { CONTROL_VALUES } from '../../dist/ingest/index.js';
import { EVENT_TYPES } from '../../dist/sink/index.js';
import { alertSchema, callSummarySchema, holeSchema, pointSchema } from '../../dist/timeline/index.js';

export const config = configSchema.parse({ bus: { kind: 'kafka' } });
const { topics } = config.bus;

/** Events of the result topics. `schema` is for the published file, `of` for those who need another form. */
export const EVENTS = [
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
].map((event) => ({ ...event, schema: { title: event.title, ...z.toJSONSchema(event.of) } }));

/** Control records of the audio log, as a producer writes them. */
export const CONTROLS = Object.entries(CONTROL_VALUES).map(([type, of]) => ({
  type,
  file: `${type.replace('.', '-')}.v1.schema.json`,
  of,
  schema: { title: type, ...z.toJSONSchema(of, { io: 'input' }) },
}));
