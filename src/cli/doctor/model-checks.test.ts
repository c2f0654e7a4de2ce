import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTestBundle } from '../../../test/support/bundle.js';
import { configSchema } from '../../config/index.js';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import { runChecks } from './check.js';
import { modelChecks } from './model-checks.js';

let root: string;
const folder = (name: string) => join(root, name);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-doctor-'));
  await writeTestBundle(folder('serving'));
  await writeTestBundle(folder('alike'), 2);
  await writeTestBundle(folder('other'), 3, { ...DEFAULT_FRONT_END, topDb: 50 });
});
afterAll(() => rm(root, { recursive: true }));

async function check(bundle: string, tried: string | null) {
  const { model } = configSchema.parse({ model: { bundle, shadow: { bundle: tried } } });
  return (await runChecks(modelChecks(model))).map(({ name, status, code }) => ({ name, status, code }));
}

it('a model on trial is looked at where there is one', async () => {
  const served = [
    { name: 'Model', status: 'ok', code: undefined },
    { name: 'Engine', status: 'ok', code: undefined },
  ];
  const tried = { name: 'Model on trial', status: 'ok', code: undefined };
  expect(await check(folder('serving'), null)).toEqual(served);
  expect(await check(folder('serving'), folder('alike'))).toEqual([...served, tried]);
});

it('a model on trial that is not there, or hears other windows, is named with its code', async () => {
  const [, , missing] = await check(folder('serving'), folder('nowhere'));
  expect(missing).toMatchObject({ status: 'failed', code: expect.stringMatching(/^UT_INFERENCE_/) });
  const [, , other] = await check(folder('serving'), folder('other'));
  expect(other).toMatchObject({ status: 'failed', code: 'UT_INFERENCE_SHADOW_FRONT_END' });
  const [, , untried] = await check(folder('nowhere'), folder('alike'));
  expect(untried).toMatchObject({ status: 'failed', code: undefined });
});
