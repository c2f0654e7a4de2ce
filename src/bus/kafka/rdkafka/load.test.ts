import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadRdkafka } from './load.js';

const folders: string[] = [];

function packageWith(main: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rdkafka-'));
  folders.push(folder);
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'package.json'), '{"name":"node-rdkafka","main":"lib/index.js"}');
  writeFileSync(join(folder, 'lib', 'index.js'), main);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('loading node-rdkafka', () => {
  it('says how to get it where it is not installed', async () => {
    await expect(loadRdkafka([])).rejects.toMatchObject({
      code: 'UT_KAFKA_DRIVER_MISSING',
      remedy: expect.stringContaining('node scripts/install-rdkafka.mjs'),
    });
  });

  it('names the package that is there and does not load', async () => {
    const broken = packageWith("throw new Error('librdkafka.so.1 is missing')");
    await expect(loadRdkafka([broken])).rejects.toMatchObject({
      code: 'UT_KAFKA_DRIVER_MISSING',
      place: broken,
      detail: expect.stringContaining('librdkafka.so.1 is missing'),
    });
  });

  it('takes the first package that loads', async () => {
    const broken = packageWith("throw new Error('built for another Node')");
    const good = packageWith("module.exports = { librdkafkaVersion: '2.0.2' }");
    expect(await loadRdkafka([broken, good])).toEqual({ librdkafkaVersion: '2.0.2' });
  });
});
