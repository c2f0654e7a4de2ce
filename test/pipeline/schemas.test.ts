import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { type Config, configSchema } from '../../src/config/index.js';
import { buzz } from '../support/buzz.js';
import { chunkAt, createBench, ENDED, lost, START } from '../support/call-bench.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);

const schemaOf = (file: string) =>
  ajv.compile(JSON.parse(readFileSync(new URL(`../../src/sink/schema/${file}`, import.meta.url), 'utf8')));
const SCHEMAS = {
  'undertone.point.v1': schemaOf('point.v1.schema.json'),
  'undertone.hole.v1': schemaOf('hole.v1.schema.json'),
  'undertone.alert.v1': schemaOf('alert.v1.schema.json'),
  'undertone.call.v1': schemaOf('call-summary.v1.schema.json'),
};

/** Every record that a call with a hole and an alert writes to the result topics. */
async function recordsOfACall() {
  const rules = [{ kind: 'long-silence', name: 'quiet', severity: 'info', silentMs: 500 }];
  const config: Config = configSchema.parse({ alerts: { rules } });
  const { take, settle, results } = createBench(config);
  const speech = buzz(6);
  const records = [START, chunkAt(0, speech), lost(6000, 2000), chunkAt(64_000, speech), ENDED];
  for (const record of records) {
    take(record);
    await settle();
  }
  return results;
}

describe('result events', () => {
  it('fit their published JSON Schemas and are CloudEvents with ids that never repeat', async () => {
    const records = await recordsOfACall();
    const seen = new Set<string>();
    for (const { headers, value, key } of records) {
      const type = headers.ce_type as keyof typeof SCHEMAS;
      const data: unknown = JSON.parse(Buffer.from(value!).toString('utf8'));
      expect(SCHEMAS[type](data), JSON.stringify(SCHEMAS[type].errors)).toBe(true);
      expect(headers).toMatchObject({ ce_specversion: '1.0', 'content-type': 'application/json' });
      expect(key).toBe('call-1');
      expect(seen.has(headers.ce_id!)).toBe(false);
      seen.add(headers.ce_id!);
    }
    expect(new Set(records.map(({ headers }) => headers.ce_type))).toEqual(new Set(Object.keys(SCHEMAS)));
    expect(seen).toContain('call-1/customer/0');
  });

  it('are refused by the schema when a field is missing or unknown', async () => {
    const [point] = await recordsOfACall();
    const data = JSON.parse(Buffer.from(point!.value!).toString('utf8')) as Record<string, unknown>;
    const { callId: _, ...without } = data;
    expect(SCHEMAS['undertone.point.v1'](without)).toBe(false);
    expect(SCHEMAS['undertone.point.v1']({ ...data, confidence: 1.5 })).toBe(false);
    expect(SCHEMAS['undertone.point.v1']({ ...data, agentScore: 1 })).toBe(false);
  });
});
