import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Check, failed, isBroken, missing, ok, runChecks } from './check.js';
import { programChecks } from './optional-checks.js';
import { portCheck } from './port-check.js';
import { renderReport } from './report.js';
import { nodeCheck, platformCheck } from './system-checks.js';

const check = (required: boolean, run: Check['run']): Check => ({
  name: 'Part',
  neededFor: 'tests',
  required,
  run,
});

test.each([
  ['20.18.9', 'failed'],
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
  ['24.9.0', 'ok'],
  ['25.0.0', 'failed'],
])('Node %s is %s', async (version, status) => {
  const [result] = await runChecks([nodeCheck(version)]);
  expect(result?.status).toBe(status);
});

test('a platform without the engine names those that have it', async () => {
  const [result] = await runChecks([platformCheck('sunos-x64')]);
  expect(result).toMatchObject({ status: 'failed', remedy: expect.stringContaining('linux-x64') });
});

test('programs are looked up along the path, and the missing ones come with the command that brings them', async () => {
  const search = {
    environment: { PATH: ['/a', '/b'].join(delimiter) },
    isExecutable: (file: string) => file === join('/b', 'chromium-browser'),
  };
  const results = await runChecks(programChecks(search));
  expect(results.find((result) => result.name === 'Chromium')).toMatchObject({
    status: 'ok',
    detail: join('/b', 'chromium-browser'),
  });
  expect(results.find((result) => result.name === 'SoX')).toMatchObject({
    status: 'missing',
    remedy: 'apt-get install sox',
  });
  expect(isBroken(results)).toBe(false);
});

test.each([
  [true, { status: 'ok', detail: '/opt/chrome' }],
  [false, { status: 'missing', remedy: expect.stringContaining('CHROMIUM_PATH') }],
])('the variable that names Chromium wins over the path (it can be run: %s)', async (runs, finding) => {
  const environment = { PATH: '/b', CHROMIUM_PATH: '/opt/chrome' };
  const isExecutable = (file: string) => runs || file !== '/opt/chrome';
  const results = await runChecks(programChecks({ environment, isExecutable }));
  expect(results.find((result) => result.name === 'Chromium')).toMatchObject(finding);
});

const HEALTH = { live: false, ready: false, parts: {} };

test.each([
  ['a free port', undefined, () => Promise.reject(new Error('not asked')), 'ok', 'is free'],
  ['Undertone', 'EADDRINUSE', () => Promise.resolve(HEALTH), 'ok', 'Undertone is running there'],
  ['another program', 'EADDRINUSE', () => Promise.resolve({ status: 'up' }), 'failed', 'EADDRINUSE'],
  ['no web server', 'EADDRINUSE', () => Promise.reject(new Error('reset')), 'failed', 'EADDRINUSE'],
  ['a forbidden port', 'EACCES', () => Promise.resolve(HEALTH), 'failed', 'EACCES'],
])('the port: %s', async (_, code, answer, status, detail) => {
  const asked: string[] = [];
  const readJson = (url: string) => {
    asked.push(url);
    return answer();
  };
  const probe = { tryToListen: async () => code, readJson };
  const [result] = await runChecks([portCheck({ host: '::', port: 8080 }, probe)]);
  expect(result).toMatchObject({ status, detail: expect.stringContaining(detail) });
  expect(asked).toEqual(code === 'EADDRINUSE' ? ['http://[::1]:8080/health/live'] : []);
});

test('only what is required can break', async () => {
  expect(isBroken(await runChecks([check(false, () => failed('x', 'y'))]))).toBe(false);
  expect(isBroken(await runChecks([check(true, () => missing('x', 'y'))]))).toBe(true);
  expect(isBroken(await runChecks([check(true, () => ok('x'))]))).toBe(false);
});

test('a check that throws has failed; the others run on', async () => {
  const results = await runChecks([
    check(true, () => Promise.reject(new Error('boom'))),
    check(true, () => ok('fine')),
  ]);
  expect(results.map((result) => [result.status, result.detail])).toEqual([
    ['failed', 'boom'],
    ['ok', 'fine'],
  ]);
});

test('the report marks each part and says what to do', async () => {
  const checks = [
    check(true, () => ok('here')),
    check(false, () => missing('not found', 'get it')),
    check(true, () => failed('broken', 'mend it')),
  ];
  const text = renderReport(await runChecks(checks), { colours: false });
  expect(text).toContain('✓ Part  here\n');
  expect(text).toContain('– Part  not found\n        needed for tests: get it\n');
  expect(text).toContain('✗ Part  broken\n        mend it\n');
  expect(text).toContain('Something that is needed is broken');
});
