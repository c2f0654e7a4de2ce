import { readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deadLetter } from '../../src/app/dead-letters.js';
import type { NewRecord } from '../../src/bus/index.js';
import { UndertoneError } from '../../src/errors.js';
import { type AudioLogRecord, encodeAudioRecord } from '../../src/ingest/index.js';
import { cloudEvent, EVENT_TYPES, type EventKind } from '../../src/sink/index.js';

interface Reference {
  readonly $ref: string;
}
interface Message {
  readonly name: string;
  readonly headers: object;
  readonly payload: object;
}
interface Document {
  readonly channels: Record<string, { readonly messages: Record<string, Reference> }>;
  readonly operations: Record<string, { readonly channel: Reference; readonly messages: Reference[] }>;
  readonly components: { readonly messages: Record<string, Message> };
}

const text = readFileSync(new URL('../../docs/asyncapi.yaml', import.meta.url), 'utf8');
const read = () => parse(text) as Document;
const document = read();

/** The official JSON Schema of AsyncAPI 3.0, which brings a copy of draft 7 that ajv has already. */
function official() {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const { definitions, ...schema } = structuredClone(specs.schemas['3.0.0']) as {
    definitions: Record<string, unknown>;
  };
  delete definitions['http://json-schema.org/draft-07/schema'];
  return ajv.compile({ ...schema, definitions });
}

function resolve(reference: string): unknown {
  const path = reference.replace(/^#\//, '').split('/');
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

const references = (node: unknown): readonly string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : references(value)));

/** Checks headers and JSON value of a record against the message of its type. */
function complaints(record: NewRecord, name: string | undefined): readonly unknown[] {
  const message = Object.values(document.components.messages).find((each) => each.name === name);
  if (message === undefined) return [`no message ${name}`];
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const ofHeaders = ajv.compile(message.headers);
  ofHeaders(record.headers);
  if (record.headers['content-type'] === 'application/octet-stream') return ofHeaders.errors ?? [];
  const schema = ajv.compile({ ...message.payload, components: document.components });
  schema(record.value === null ? null : JSON.parse(Buffer.from(record.value).toString('utf8')));
  return [...(ofHeaders.errors ?? []), ...(schema.errors ?? [])];
}

describe('docs/asyncapi.yaml', () => {
  test('is an AsyncAPI 3.0 document, by the schema that AsyncAPI publishes', () => {
    const validate = official();
    expect(validate(read()), JSON.stringify(validate.errors)).toBe(true);
    const wrong = read() as unknown as { operations: { readAudio: { action: string } } };
    wrong.operations.readAudio.action = 'listen';
    expect(validate(wrong)).toBe(false);
  });

  test('its references lead somewhere, and operations use messages of their channel', () => {
    const all = references(document);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((reference) => resolve(reference) === undefined)).toEqual([]);
    for (const { channel, messages } of Object.values(document.operations)) {
      for (const { $ref } of messages) expect($ref).toContain(`${channel.$ref}/messages/`);
    }
  });
});

const of = { callId: 'CA1', tenant: 'acme', feedId: 'MZ 1' };
const RECORDS: readonly AudioLogRecord[] = [
  {
    ...of,
    type: 'call.started',
    live: true,
    notice: 'given',
    legs: ['customer'],
    feed: 'twilio',
    queue: 'q',
  },
  {
    ...of,
    type: 'audio.chunk',
    leg: 'customer',
    encoding: 'mulaw',
    sampleRateHz: 8000,
    channels: 1,
    seq: 0,
    offsetSamples: 0,
    bytes: new Uint8Array(160),
  },
  { ...of, type: 'voice.activity', leg: 'agent', firstBlock: 64, voiced: [true, false] },
  { ...of, type: 'audio.lost', leg: 'customer', offsetMs: 20, durationMs: 100 },
  { ...of, type: 'call.paused' },
  { ...of, type: 'call.resumed', durationMs: 1500 },
  { ...of, type: 'call.ended', reason: 'completed' },
  { ...of, type: 'call.erased' },
];

describe('records fit their messages', () => {
  test.each(RECORDS.map((record) => [record.type, record] as const))('%s', (type, record) => {
    for (const timeMs of [undefined, 0]) {
      const identity = { ordinal: 7, ...(timeMs === undefined ? {} : { timeMs }) };
      expect(complaints(encodeAudioRecord(record, identity), type)).toEqual([]);
    }
  });

  test('a producer that leaves a header out, or writes another value, does not fit', () => {
    const started = encodeAudioRecord(RECORDS[0]!, { ordinal: 0 });
    const { tenant: _, ...headers } = started.headers;
    expect(complaints({ ...started, headers }, 'call.started')).not.toEqual([]);
    const value = Buffer.from('{"live":true}');
    expect(complaints({ ...started, value }, 'call.started')).not.toEqual([]);
  });

  test.each(Object.keys(EVENT_TYPES) as EventKind[])('headers of %s', (kind) => {
    const attributes = { id: 'CA1/1', callId: 'CA1', origin: 'a/0/1', time: new Date(0).toISOString() };
    const { headers } = cloudEvent(kind, attributes, null);
    const message = Object.values(document.components.messages).find(
      ({ name }) => name === EVENT_TYPES[kind],
    );
    expect(complaints({ key: 'CA1', value: null, headers }, message?.name)).toHaveLength(
      kind === 'erased' ? 0 : 1, // the value of the others is no tombstone
    );
  });

  test('a dead letter, whatever it was', () => {
    const record = { topic: 'a', partition: 0, offset: 1, timestampMs: 0, key: '', value: null, headers: {} };
    const letter = deadLetter('d', record, new UndertoneError('UT_INGEST_BAD_RECORD', 'it is empty.'));
    expect(complaints(letter, 'dead-letter')).toEqual([]);
  });
});
