import { describe, expect, it } from 'vitest';
import { breakingChanges, type Schema } from './schema-changes.js';

const EARLIER = {
  type: 'object',
  properties: {
    label: { type: 'string', enum: ['angry', 'sad'] },
    at: { type: 'string', format: 'date-time' },
    share: { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { type: 'null' }] },
    count: { type: 'integer', minimum: 0 },
    legs: {
      type: 'object',
      propertyNames: { type: 'string', enum: ['customer', 'agent'] },
      additionalProperties: { type: 'object', properties: { ms: { type: 'number' } }, required: ['ms'] },
    },
    list: { type: 'array', maxItems: 3, items: { type: 'string', pattern: '^a' } },
    queue: { type: 'string' },
  },
  required: ['label', 'at', 'share', 'count', 'legs', 'list'],
  additionalProperties: false,
} satisfies Schema;

/** The schema with one field replaced. */
const withField = (name: string, field: Schema): Schema => ({
  ...EARLIER,
  properties: { ...EARLIER.properties, [name]: field },
});
const changes = (present: Schema) => breakingChanges(EARLIER, present);

describe('a schema may change between releases', () => {
  it('not at all, in its words for people, and by fields that need not be there', () => {
    expect(changes(EARLIER)).toEqual([]);
    expect(
      changes({ ...withField('queue', { type: 'string', description: 'Other words.' }), title: 'New' }),
    ).toEqual([]);
    expect(changes(withField('more', { type: 'number' }))).toEqual([]);
  });
});

describe('it is found out where', () => {
  it.each<[string, Schema, string[]]>([
    [
      'a required field is removed',
      { ...EARLIER, properties: { at: EARLIER.properties.at }, required: ['at'] },
      ['an earlier reader: value.label may be missing'],
    ],
    [
      'a required field need no longer be there',
      { ...EARLIER, required: EARLIER.required.filter((name) => name !== 'count') },
      ['an earlier reader: value.count may be missing'],
    ],
    [
      'a field is required that was not written before',
      { ...withField('more', { type: 'number' }), required: [...EARLIER.required, 'more'] },
      ['a present reader: value.more may be missing'],
    ],
    [
      'a value is added to a list',
      withField('label', { type: 'string', enum: ['angry', 'sad', 'happy'] }),
      ['an earlier reader: value.label may be happy'],
    ],
    [
      'a value is removed from a list',
      withField('label', { type: 'string', enum: ['sad'] }),
      ['a present reader: value.label may be angry'],
    ],
    [
      'a list of values is given up',
      withField('label', { type: 'string' }),
      ['an earlier reader: value.label may have other values than angry, sad'],
    ],
    [
      'a type is changed',
      withField('queue', { type: 'number' }),
      ['an earlier reader: value.queue may be number'],
    ],
    [
      'a whole number may be broken',
      withField('count', { type: 'number', minimum: 0 }),
      ['an earlier reader: value.count may be number'],
    ],
    [
      'a value may be absent by null',
      withField('queue', { anyOf: [{ type: 'string' }, { type: 'null' }] }),
      ['an earlier reader: value.queue may be null'],
    ],
    [
      'a range is widened',
      withField('count', { type: 'integer' }),
      ['an earlier reader: value.count may go beyond minimum 0'],
    ],
    [
      'a range is narrowed',
      withField('count', { type: 'integer', minimum: 1 }),
      ['a present reader: value.count may go beyond minimum 1'],
    ],
    [
      'a format is given up',
      withField('at', { type: 'string' }),
      ['an earlier reader: value.at may have another format than date-time'],
    ],
    [
      'a field inside a list changes',
      withField('list', { type: 'array', maxItems: 3, items: { type: 'string' } }),
      ['an earlier reader: value.list[] may have another pattern than ^a'],
    ],
    [
      'a list may be longer',
      withField('list', { type: 'array', items: EARLIER.properties.list.items }),
      ['an earlier reader: value.list may go beyond maxItems 3'],
    ],
    [
      'a field inside a map is removed',
      withField('legs', { ...EARLIER.properties.legs, additionalProperties: { type: 'object' } }),
      ['an earlier reader: value.legs.*.ms may be missing'],
    ],
    [
      'a map has more names',
      withField('legs', { ...EARLIER.properties.legs, propertyNames: { type: 'string' } }),
      ['an earlier reader: names in value.legs may have other values than customer, agent'],
    ],
    [
      'it uses a keyword that is not understood here',
      withField('queue', { type: 'string', contentEncoding: 'base64' }),
      ['an earlier reader: value.queue has another contentEncoding, of which nothing is known here'],
    ],
  ])('%s', (_, present, expected) => {
    expect(changes(present)).toEqual(expect.arrayContaining(expected));
    expect(changes(present).length).toBeGreaterThan(0);
  });
});
