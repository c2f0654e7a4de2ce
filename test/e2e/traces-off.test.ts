import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../support/loaded-packages.mjs', import.meta.url));

async function loadedWith(traces: object): Promise<readonly string[]> {
  const config = { http: { port: 0 }, model: { engine: 'drop' }, telemetry: { traces } };
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify(config)]);
  return JSON.parse(stdout) as string[];
}

/** prom-client loads it for exemplars, which are not used. It has no code that does anything by itself. */
const API = '@opentelemetry/api';

it('loads nothing of OpenTelemetry while traces are off', { timeout: 120_000 }, async () => {
  expect(await loadedWith({})).toEqual([API]);
  expect(await loadedWith({ enabled: true })).toContain('@opentelemetry/sdk-trace');
});
