import { expect, test } from 'vitest';
import { configSchema } from '../../config/index.js';
import { isBroken, runChecks } from './check.js';
import { tracesChecks } from './traces-check.js';

const { telemetry } = configSchema.parse({
  telemetry: { traces: { enabled: true, headers: { authorization: 'Bearer secret' } } },
});

async function findingWith(answer: () => Promise<Response>) {
  const asked: unknown[] = [];
  const send = async (...request: unknown[]) => {
    asked.push(request);
    return answer();
  };
  const results = await runChecks(tracesChecks(telemetry, send as typeof fetch));
  return { results, asked };
}

test('traces that are off need no receiver', () => {
  expect(tracesChecks(configSchema.parse({}).telemetry)).toEqual([]);
});

test('a receiver that takes a request without spans is fine', async () => {
  const { results, asked } = await findingWith(async () => new Response('{}'));
  expect(results[0]).toMatchObject({ status: 'ok' });
  expect(asked).toMatchObject([
    ['http://127.0.0.1:4318/v1/traces', { method: 'POST', headers: { authorization: 'Bearer secret' } }],
  ]);
});

test.each([
  ['answers 404', async () => new Response('', { status: 404 }), 'It answers 404.'],
  [
    'is away',
    () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    'connect ECONNREFUSED.',
  ],
])('a receiver that %s is told with its address, and stops no start', async (_, answer, detail) => {
  const { results } = await findingWith(answer as () => Promise<Response>);
  expect(results[0]).toMatchObject({ status: 'failed', code: 'UT_TRACES_NOT_TAKEN' });
  expect(results[0]!.detail).toContain(detail);
  expect(results[0]!.detail).toContain(telemetry.traces.endpoint);
  expect(results[0]!.detail).not.toContain('secret');
  expect(isBroken(results)).toBe(false);
});
