import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { BusRecord, NewRecord, ResultRecord } from '../../src/bus/index.js';
import { deadLetterOf, originalHeaders } from '../../src/cli/kafka/dead-letters/letter.js';
import { eventOf } from '../../src/console/events.js';
import { decodeAudioRecord, encodeAudioRecord } from '../../src/ingest/index.js';
import { EVENT_TYPES } from '../../src/sink/index.js';
import { alike, lacking } from './alike.js';
import { playLog } from './play-log.js';
import {
  packageVersion,
  presentRelease,
  presentSchemas,
  type Release,
  readRelease,
  versions,
} from './release.js';
import { breakingChanges, type Schema } from './schema-changes.js';

const onBus = (record: NewRecord | ResultRecord, offset: number): BusRecord => ({
  topic: 'topic',
  ...record,
  partition: 0,
  offset,
  timestampMs: 0,
});
const jsonOf = ({ value }: Pick<BusRecord, 'value'>): Record<string, unknown> =>
  JSON.parse(Buffer.from(value ?? []).toString('utf8'));
const typeOf = ({ headers }: NewRecord): string => headers.ce_type ?? '';
const isLetter = ({ headers }: NewRecord): boolean => headers.reason !== undefined;

/** Every result by what makes it the same, without the wall clock; live summaries are snapshots at moments of no meaning. */
function outcome(results: readonly ResultRecord[]): Map<string, unknown> {
  const whole = results.filter((result) => !isSnapshot(result));
  return new Map(
    whole.map(({ headers, topic, value }) => {
      const ended = headers.ce_type === EVENT_TYPES.call;
      const id = headers['source-position'] ?? (ended ? `${headers.ce_subject} ended` : headers.ce_id);
      return [`${topic} ${id}`, value === null || headers.reason ? null : timeless(value)];
    }),
  );
}

const timeless = (value: Uint8Array): unknown =>
  JSON.parse(Buffer.from(value).toString('utf8'), (name, field) => (name.endsWith('At') ? undefined : field));

const isSnapshot = (result: ResultRecord): boolean =>
  typeOf(result) === EVENT_TYPES.call && result.value !== null && jsonOf(result).state === 'live';

const eventsIn = (results: readonly ResultRecord[]): ResultRecord[] =>
  results.filter((result) => result.value !== null && !isLetter(result));

/** Of a state and of what lies in it: a worker takes none but those that it knows. */
const versionsOf = (state: unknown): unknown[] => {
  const { version, analysis } = state as { version: number; analysis: { version: number } };
  return [version, analysis.version];
};

const statesIn = (results: readonly ResultRecord[]): unknown[] =>
  results.flatMap(({ headers }) => (headers.state === undefined ? [] : [JSON.parse(headers.state)]));

/** How a reader takes it who heeds that fields may come to be added. */
function openly(schema: Schema): Schema {
  const copy = structuredClone(schema) as Record<string, unknown>;
  const open = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const object = node as Record<string, unknown>;
    if (object.additionalProperties === false) delete object.additionalProperties;
    Object.values(object).forEach(open);
  };
  open(copy);
  return copy;
}

function validatorOf(schemas: Readonly<Record<string, Schema>>, file: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(openly(schemas[file]!));
}

const FILES: Readonly<Record<string, string>> = {
  [EVENT_TYPES.point]: 'point.v1.schema.json',
  [EVENT_TYPES.hole]: 'hole.v1.schema.json',
  [EVENT_TYPES.alert]: 'alert.v1.schema.json',
  [EVENT_TYPES.call]: 'call-summary.v1.schema.json',
};

let present: Release;
beforeAll(async () => {
  present = await presentRelease();
});

test('what a release wrote is kept when its version is raised: node scripts/release-fixtures.mjs', () => {
  expect(versions()).toContain(packageVersion());
});

test('the log that is kept has every type of record, event and state', () => {
  const seen = new Set([...present.audio, ...present.results].map(typeOf));
  const controls = Object.keys(presentSchemas('records')).map((file) => file.replace('.v1.schema.json', ''));
  expect(controls.filter((name) => ![...seen].some((type) => type.replace('.', '-') === name))).toEqual([]);
  expect([...Object.values(EVENT_TYPES), 'audio.chunk'].filter((type) => !seen.has(type))).toEqual([]);
  expect(statesIn(present.results).length).toBeGreaterThan(2);
  const found = eventsIn(present.results).map(jsonOf);
  for (const holds of [{ status: 'silent' }, { partial: true }, { reason: 'gap' }, { reason: 'pause' }]) {
    expect(found).toContainEqual(expect.objectContaining(holds));
  }
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set([undefined, 'live', 'ended', 'raised']));
});

describe.each(versions())('what %s wrote', (version) => {
  const kept = readRelease(version);
  const { results, audio } = kept;

  it('is understood: its audio log, of which nothing is lost in reading', () => {
    for (const [offset, record] of audio.entries()) {
      const again = encodeAudioRecord(decodeAudioRecord(onBus(record, offset)), {
        ordinal: offset,
        timeMs: 0,
      });
      expect(again.headers).toMatchObject(record.headers);
      if (typeOf(record) === 'audio.chunk')
        expect(Buffer.from(again.value!).equals(record.value!)).toBe(true);
      else expect(jsonOf(again)).toMatchObject(jsonOf(record));
    }
  });

  it('is understood: its events, by the console', () => {
    const read = results.map((result, offset) => eventOf(onBus(result, offset)));
    expect(read.filter((event) => event === undefined).length).toBe(results.filter(isLetter).length);
  });

  it('is understood: its dead letters, to be sent once more', () => {
    const letters = results.filter(isLetter).map((result, offset) => deadLetterOf(onBus(result, offset)));
    expect(letters.length).toBeGreaterThan(0);
    for (const letter of letters) {
      expect(letter).toMatchObject({
        reason: 'UT_CALLS_NOT_STARTED',
        source: expect.stringMatching(/\/0\/\d+$/),
      });
      expect(decodeAudioRecord({ ...letter.record, headers: originalHeaders(letter) }).type).toBe(
        'audio.chunk',
      );
    }
  });

  it('is gone on from: a worker of this build takes calls over wherever it left them, to the same results', async () => {
    const all = outcome(results);
    const cuts = results.flatMap(({ headers }, at) => (headers.state === undefined ? [] : [at + 1]));
    expect(cuts.length).toBeGreaterThan(2);
    for (const cut of cuts) {
      const left = results.slice(0, cut);
      const made = outcome(await playLog(kept, audio, left));
      const known = outcome(left);
      expect([...made.keys()].filter((id) => known.has(id))).toEqual([]);
      expect([...known.keys(), ...made.keys()].sort()).toEqual([...all.keys()].sort());
      for (const [id, value] of made) expect(alike(value, all.get(id)), id).toBe(true);
    }
  });
});

describe.each(versions())('who reads as %s did', (version) => {
  const kept = readRelease(version);
  const { schemas, results, audio } = kept;

  it('understands the events of this build', () => {
    const validators = new Map(
      Object.entries(FILES).map(([type, file]) => [type, validatorOf(schemas.events, file)]),
    );
    for (const event of eventsIn(present.results)) {
      const validate = validators.get(typeOf(event))!;
      expect(validate(jsonOf(event)), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('understands the control records of this build', () => {
    const controls = present.audio.filter((record) => typeOf(record) !== 'audio.chunk');
    for (const control of controls) {
      const validate = validatorOf(schemas.records, `${typeOf(control).replace('.', '-')}.v1.schema.json`);
      expect(validate(jsonOf(onBus(control, 0))), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('finds in the states of this build all that it needs, after a roll back', async () => {
    const then = statesIn(results);
    const now = statesIn(await playLog(kept, audio));
    expect(Math.min(then.length, now.length)).toBeGreaterThan(2);
    expect(versionsOf(now[0])).toEqual(versionsOf(then[0]));
    expect(now.flatMap((state, i) => (i < then.length ? lacking(then[i], state) : []))).toEqual([]);
  });

  it.each(['events', 'records'] as const)(
    'meets no schema of %s that has changed in another way than promised',
    (of) => {
      const now = presentSchemas(of);
      const changes = Object.entries(schemas[of]).flatMap(([file, schema]) =>
        now[file] === undefined
          ? [`${file} is gone`]
          : breakingChanges(schema, now[file]).map((c) => `${file}: ${c}`),
      );
      expect(changes).toEqual([]);
    },
  );
});
