import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.js';
import { ROOT } from '../structure/project-files.js';
import { noise } from '../support/noise.js';

/** Worker threads are started from the build: only there the files have the names that a thread is started by. */
const { prepareCorpus } = (await import(
  pathToFileURL(join(ROOT, 'dist', 'training', 'index.js')).href
)) as typeof import('../../src/training/index.js');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-threads-'));
  await plant('noise/rain.wav', noise(4000, 1));
  for (const take of ['a', 'b', 'c', 'd', 'e'])
    await plant(`tess/OAF_sad/OAF_${take}_sad.wav`, noise(8000, take.charCodeAt(0)));
});
afterEach(() => rm(root, { recursive: true }));

async function plant(path: string, samples: Float32Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  const bytes = encodeWav({ sampleRateHz: 8000, channels: [samples.map((x) => x / 8)] }, 's16le');
  await writeFile(join(root, path), bytes);
}

const prepare = (out: string, threads: number) =>
  prepareCorpus({
    corpus: 'tess',
    corpusFolder: join(root, 'tess'),
    out: join(root, out),
    variants: 2,
    noiseFolder: join(root, 'noise'),
    threads,
  });

it('threads prepare what one thread would have prepared', async () => {
  await writeFile(join(root, 'tess/OAF_sad/OAF_f_sad.wav'), 'this is text');
  const parallel = await prepare('parallel', 2);
  const { findings } = await prepare('serial', 0);
  expect(parallel).toMatchObject({ prepared: 5, kept: 0, findings });
  expect(findings).toMatchObject([{ kind: 'left-out', file: expect.stringContaining('OAF_f_sad.wav') }]);
  for (const file of ['manifest.jsonl', 'finished.json', 'OAF_sad__OAF_c_sad.v2.npy']) {
    const [one, two] = await Promise.all(
      ['parallel', 'serial'].map((out) => readFile(join(root, out, file))),
    );
    expect(one!.equals(two!), file).toBe(true);
  }
});

it('an error in one thread ends all of them', async () => {
  await mkdir(join(root, 'out', 'OAF_sad__OAF_a_sad.png'), { recursive: true });
  await expect(prepare('out', 2)).rejects.toThrow(/OAF_a_sad\.wav: .*EISDIR/);
  await expect(readFile(join(root, 'out', 'finished.json'))).rejects.toThrow('ENOENT');
});
