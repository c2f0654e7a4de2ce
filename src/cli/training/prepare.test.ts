import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noise } from '../../../test/support/noise.js';
import { encodeWav } from '../../audio/index.js';
import { runCommandLine } from '../program.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-prepare-command-'));
});
afterEach(() => rm(root, { recursive: true }));

async function plant(path: string, seed: number): Promise<void> {
  const samples = noise(8000, seed).map((x) => x / 10);
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), encodeWav({ sampleRateHz: 16000, channels: [samples] }, 's16le'));
}

async function prepare(...args: string[]) {
  const said = { out: '', err: '' };
  const terminal = {
    colours: false,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const code = await runCommandLine(['prepare', ...args], terminal);
  return { code, ...said };
}

test('own recordings are prepared under their name, and what is odd is said', async () => {
  await plant('calls/1.wav', 1);
  await plant('calls/2.wav', 2);
  await writeFile(join(root, 'calls.csv'), 'path,label,speaker\ncalls/1.wav,calm,a\ncalls/2.wav,angri,b\n');
  const out = join(root, 'data');
  const options = ['--out', out, '--variants', '0', '--threads', '0'];
  const { code, ...said } = await prepare(`my-calls=csv:${join(root, 'calls.csv')}`, ...options);
  expect(code).toBe(0);
  expect(said.err).toMatch(/left out: .*calls\.csv:3: "angri" is no label.*"angry"\?\nnote: .*one speaker/s);
  expect(said.out).toMatch(/^my-calls: 1 clips prepared, 0 there already, 1 left out, 0 without a label → /);
  const findings = (await readFile(join(out, 'my-calls', 'findings.jsonl'), 'utf8')).trim().split('\n');
  expect(findings.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
    'left-out',
    'unknown-speaker',
  ]);
});

test('--check says the same, writes nothing, and fails where labels contradict each other', async () => {
  await plant('angry/anna_1.wav', 1);
  await plant('sad/ben_1.wav', 2);
  await plant('sad/anna_2.wav', 3);
  const args = [`mine=folders:${root}`, '--check', '--out', join(root, 'data')];
  expect(await prepare(...args)).toMatchObject({
    code: 0,
    out: 'mine: 3 recordings, 2 speakers; sad 2, angry 1\nmine: nothing odd was found\n',
  });
  await plant('sad/ben_2.wav', 1);
  const { code, out, err } = await prepare(...args);
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong: .*anna_1\.wav: the same recording as .*ben_2\.wav \(sad, mine\/ben\)/);
  expect(err).toContain('1 recordings contradict');
  await expect(readFile(join(root, 'data'))).rejects.toThrow('ENOENT');
});
