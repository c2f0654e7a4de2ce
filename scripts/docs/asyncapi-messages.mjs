/** The messages of the AsyncAPI document: CloudEvents 1.0 in Kafka's binary mode, attributes as headers. */
import { z } from 'zod';
import { ENCODINGS, MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ } from '../../dist/audio/index.js';
import { LEGS } from '../../dist/ingest/index.js';
import { EVENT_TYPES } from '../../dist/sink/index.js';
import { CONTROLS, EVENTS } from './contracts.mjs';

const ref = (path) => ({ $ref: `#/components/${path}` });
const text = (description, more = {}) => ({ type: 'string', description, ...more });
const wholeNumber = (description) => text(description, { pattern: '^(0|[1-9][0-9]{0,15})$' });

/** `call.started`, `Call summary` → `callStarted`, `callSummary`. */
const nameOf = (label) => label.toLowerCase().replaceAll(/[. -](\w)/g, (_, letter) => letter.toUpperCase());

/** AsyncAPI's own schemas are those of draft 7. */
function draft7(schema, options = {}) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', ...options });
  return rest;
}

function headers(properties, optional = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties };
}

const attributes = (type, contentType, id, source) => ({
  ce_specversion: text('Version of CloudEvents.', { const: '1.0' }),
  ce_type: text('What the record is.', { const: type }),
  ce_id: text(id),
  ce_source: text(source),
  ce_time: text('Wall clock, RFC 3339.', { format: 'date-time' }),
  'content-type': text('Of the value.', { const: contentType }),
});

const FEED =
  'The feed: the gateway writes `/undertone/feeds/` and its id, percent-encoded. Any other text is itself the id.';
const LEG_RECORDS = ['audio.chunk', 'audio.lost', 'voice.activity'];
const REPLAYED = { 'replayed-from': text('On what was a dead letter: where that stands.') };

const TRACED = {
  traceparent: text('W3C Trace Context; on records of calls that are traced.', {
    pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
  }),
};

const callKey = { kafka: { key: text('The callId.', { minLength: 1 }), bindingVersion: '0.5.0' } };

function audioMessage(type, contentType, payload, more = {}) {
  const properties = {
    ...attributes(type, contentType, 'Unique within the source.', FEED),
    tenant: text('Whose call it is.', { minLength: 1 }),
    ...(LEG_RECORDS.includes(type) ? { leg: text('Whose voice it is.', { enum: [...LEGS] }) } : {}),
    ...more,
    ...REPLAYED,
    ...TRACED,
  };
  return {
    name: type,
    title: type,
    contentType,
    headers: headers(properties, ['ce_time', ...Object.keys({ ...REPLAYED, ...TRACED })]),
    payload,
    bindings: callKey,
  };
}

const chunk = {
  ...audioMessage(
    'audio.chunk',
    'application/octet-stream',
    { type: 'string', format: 'binary', description: 'Encoded audio, whole samples, 20 to 200 ms of it.' },
    {
      encoding: text('How the samples are written.', { enum: [...ENCODINGS] }),
      rate: wholeNumber(`Hz, ${MIN_SAMPLE_RATE_HZ} to ${MAX_SAMPLE_RATE_HZ}.`),
      channels: text('Two are mixed down.', { enum: ['1', '2'] }),
      seq: wholeNumber('Counts the chunks of a leg of a feed from 0.'),
      'offset-samples': wholeNumber(
        'Media position of the first sample, in samples at `rate` since the call began; gaps and pauses included.',
      ),
    },
  ),
  summary: 'One message of audio of one leg.',
};

const controls = CONTROLS.map(({ type, of }) => ({
  ...audioMessage(type, 'application/json', ref(`schemas/${nameOf(type)}`)),
  summary: of.description ?? draft7(of, { io: 'input' }).description,
}));

const resultHeaders = (type, id) => ({
  ...attributes(
    type,
    'application/json',
    `\`${id}\`: made again, the event has the same one.`,
    '`/undertone/worker/` and the position of the record that began the call, `topic/partition/offset`.',
  ),
  ce_subject: text('The callId.'),
});

const STATE = {
  state: text('What another worker needs to go on with the call. For Undertone alone.'),
  through: wholeNumber('Offset of the last record of the audio log that is in it. For Undertone alone.'),
};

const events = EVENTS.map(({ title, type, id, of }) => ({
  name: type,
  title,
  summary: of.description,
  contentType: 'application/json',
  headers: headers(
    { ...resultHeaders(type, id), ...(type === EVENT_TYPES.call ? STATE : TRACED) },
    Object.keys({ ...STATE, ...TRACED }),
  ),
  payload: ref(`schemas/${nameOf(title)}`),
  bindings: callKey,
}));

const erased = {
  name: EVENT_TYPES.erased,
  title: 'Erased',
  summary: 'A tombstone: the call was erased, and what was read of it is to be forgotten.',
  contentType: 'application/json',
  headers: headers(resultHeaders(EVENT_TYPES.erased, 'callId/erased')),
  payload: { type: 'null' },
  bindings: callKey,
};

const deadLetter = {
  name: 'dead-letter',
  title: 'Dead letter',
  summary: 'A record of the audio log that could not be used, as it came: key, value and headers.',
  headers: headers({
    reason: text('Code of the error, see errors.md.', { pattern: '^UT_[A-Z0-9_]+$' }),
    detail: text('What was found.'),
    'source-position': text('Where it stood: `topic/partition/offset`.'),
  }),
  payload: { description: 'As it came.' },
  bindings: { kafka: { key: text('As it came.'), bindingVersion: '0.5.0' } },
};

export const AUDIO = Object.fromEntries(
  [chunk, ...controls].map((message) => [nameOf(message.name), message]),
);
export const RESULTS = Object.fromEntries(events.map((message) => [nameOf(message.title), message]));
export const ERASED = { erased };
export const DEAD_LETTER = { deadLetter };

export const SCHEMAS = Object.fromEntries([
  ...CONTROLS.map(({ type, of }) => [nameOf(type), draft7(of, { io: 'input' })]),
  ...EVENTS.map(({ title, of }) => [nameOf(title), draft7(of)]),
]);
