import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { configSchema, type Role } from '../../src/config/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { writeTestBundle } from '../support/bundle.js';

describe('an application', () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = await mkdtemp(join(tmpdir(), 'undertone-roles-'));
    await writeTestBundle(bundle);
  });
  afterAll(() => rm(bundle, { recursive: true }));

  async function answersOf(roles: Role[]): Promise<number[]> {
    const config = configSchema.parse({ http: { port: 0 }, roles, model: { bundle, threads: 1 } });
    const app = createApp(config, { logger: createLogger({ level: 'silent' }) });
    const { url } = await app.start();
    const paths = ['/health/live', '/health/ready', '/metrics', '/api/calls', '/v1/feeds/generic'];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).status));
    await app.close(5000);
    return answers;
  }

  it('serves the console where it has that role, and health and metrics in any', async () => {
    expect(await answersOf(['gateway', 'worker', 'console'])).toEqual([200, 200, 200, 200, 404]);
    expect(await answersOf(['gateway', 'worker'])).toEqual([200, 200, 200, 404, 404]);
  });

  it('says which setting is wrong when its port is taken, and closes what had started', async () => {
    const config = configSchema.parse({ http: { port: 0 }, model: { bundle, threads: 1 } });
    const first = createApp(config, { logger: createLogger({ level: 'silent' }) });
    const { url } = await first.start();
    const same = configSchema.parse({
      http: { port: Number(new URL(url).port) },
      model: { bundle, threads: 1 },
    });
    const second = createApp(same, { logger: createLogger({ level: 'silent' }) });
    await expect(second.start()).rejects.toThrow('UT_HTTP_PORT_TAKEN');
    await first.close(5000);
  });
});
