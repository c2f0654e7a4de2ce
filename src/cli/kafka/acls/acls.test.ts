import { expect, test } from 'vitest';
import { rightsOf } from '../../../app/kafka-rights.js';
import type { AclAdmin, Grant, KafkaRight } from '../../../bus/index.js';
import { configSchema } from '../../../config/index.js';
import { runCommandLine } from '../../program.js';
import { reportAcls } from './command.js';
import { compareAcls } from './compare.js';

const right = (operation: KafkaRight['operation'], more: Partial<KafkaRight> = {}): KafkaRight => ({
  resource: 'topic',
  name: 'audio',
  prefixed: false,
  operation,
  ...more,
});
const grant = (operation: Grant['operation'], more: Partial<Grant> = {}): Grant => ({
  principal: 'User:gate',
  host: '*',
  allows: true,
  resource: 'topic',
  name: 'audio',
  prefixed: false,
  operation,
  ...more,
});
const WANTED = { task: 'gateway', principal: 'User:gate', rights: [right('Describe'), right('Write')] };
const TAIL = { ...WANTED, rights: [right('Read', { resource: 'group', name: 'tail', prefixed: true })] };

const missing = (grants: readonly Grant[], wanted = WANTED): number =>
  compareAcls([wanted], grants)[0]!.missing.length;

test.each([
  ['exactly that', [grant('Describe'), grant('Write')], 0],
  ['what implies it', [grant('Write')], 0],
  ['everything on it', [grant('All')], 0],
  ['everything on all', [grant('All', { name: '*' })], 0],
  ['names that begin so', [grant('Write', { name: 'aud', prefixed: true })], 0],
  ['everybody', [grant('Write', { principal: 'User:*' })], 0],
  ['less', [grant('Describe')], 1],
  ['something else', [grant('Read')], 1],
  ['another topic', [grant('Write', { name: 'audio2' })], 2],
  ['another kind of thing', [grant('Write', { resource: 'group' })], 2],
  ['somebody else', [grant('Write', { principal: 'User:other' })], 2],
  ['one address', [grant('Write', { host: '10.0.0.1' })], 2],
  ['nothing', [], 2],
] as const)('an entry for %s leaves %#', (_, grants, count) => {
  expect(missing(grants)).toBe(count);
});

test('a right on all names that begin so needs an entry on as many', () => {
  const group = { resource: 'group', name: 'tail' } as const;
  expect(missing([grant('Read', group)], TAIL)).toBe(1);
  expect(missing([grant('Read', { ...group, prefixed: true })], TAIL)).toBe(0);
  expect(missing([grant('Read', { ...group, prefixed: true, name: 'tail-1' })], TAIL)).toBe(1);
});

test('a denial is named, even where something allows the same', () => {
  const denied = grant('Write', { allows: false });
  const part = grant('Read', { allows: false, resource: 'group', name: 'tail-7' });
  expect(compareAcls([WANTED], [grant('All'), denied])[0]?.forbidding).toEqual([denied]);
  expect(compareAcls([TAIL], [part])[0]?.forbidding).toEqual([part]);
  expect(compareAcls([WANTED], [grant('Read', { allows: false })])[0]?.forbidding).toEqual([]);
});

test('what nobody needs of a principal is named, what another of its tasks needs is not', () => {
  const wide = grant('All', { name: '*' });
  expect(compareAcls([WANTED], [wide, grant('Write')])[0]?.excess).toEqual([wide]);
  const both = { ...WANTED, task: 'worker', rights: [right('Read')] };
  expect(compareAcls([WANTED, both], [grant('Read')])[0]?.excess).toEqual([]);
});

/** A list in memory. */
function cluster(grants: Grant[]) {
  const admin: AclAdmin = {
    connect: async () => undefined,
    close: async () => undefined,
    list: async () => grants,
    async allow(principal, rights) {
      grants.push(...rights.map((one) => ({ ...one, principal, host: '*', allows: true })));
    },
  };
  return { admin, grants };
}

async function report(admin: AclAdmin, applies: boolean) {
  const out: string[] = [];
  const terminal = { colours: false, out: (text: string) => void out.push(text), err: () => undefined };
  const code = await reportAcls(admin, [WANTED], { applies, brokers: 'b1:9092', terminal }).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
  return { code, out: out.join('') };
}

test('a comparison adds nothing and ends with 1', async () => {
  const { admin, grants } = cluster([grant('Read')]);
  const { code, out } = await report(admin, false);
  expect({ code, count: grants.length }).toEqual({ code: 1, count: 1 });
  expect(out).toContain('✗ gateway User:gate: 1 of 2 rights\n    missing: Write on topic audio\n');
  expect(out).toContain('more than is needed: Read on topic audio for User:gate');
  expect(out).toContain(
    "--remove --allow-principal 'User:gate' --allow-host '*' --operation Read --topic 'audio'",
  );
  expect(out).toContain('--apply');
});

test('--apply adds what is missing, and takes nothing away', async () => {
  const { admin, grants } = cluster([grant('Read'), grant('Describe')]);
  const { code, out } = await report(admin, true);
  expect(code).toBe(0);
  expect(grants.map(({ operation }) => operation)).toEqual(['Read', 'Describe', 'Write']);
  expect(out).toContain('+ gateway User:gate: 1 rights added');
  expect(out).toContain('some may do more');
});

test('a denial is not mended by --apply', async () => {
  const { admin } = cluster([grant('All', { allows: false })]);
  const { code, out } = await report(admin, true);
  expect(code).toBe(1);
  expect(out).toContain('forbidden: deny All on topic audio for User:gate');
  expect(out).toContain('a denial wins');
});

async function run(...args: string[]) {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const settings = [
    '--set',
    'bus={"kind":"kafka","topics":{"audio":{"name":"heard"}},"kafka":{"group":"g"}}',
  ];
  const terminal = { colours: false, out: write, err: write };
  return {
    code: await runCommandLine([...settings, 'topics', 'acls', ...args], terminal),
    text: lines.join(''),
  };
}

test('without principals the needs are printed, in the names of the configuration, and nobody is asked', async () => {
  const { code, text } = await run();
  expect(code).toBe(0);
  expect(text).toMatch(/^gateway\n( {4}Describe on topic .*\n){5} {4}Write on topic heard\n/);
  expect(text).toContain('Write on transactional-id g/…');
});

test.each([['alice'], ['User:*'], ['User:']])('%j is nobody to whom rights are given', async (principal) => {
  const { code, text } = await run('--worker', principal);
  expect(code).toBe(1);
  expect(text).toContain('UT_CLI_PRINCIPAL');
});

test('a role needs only its own', () => {
  const config = configSchema.parse({ bus: { kind: 'kafka' } });
  const writes = rightsOf('console', config).filter(({ operation }) => operation === 'Write');
  expect(writes).toEqual([]);
});
