import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically } from './files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('replaces a file whole and leaves nothing beside it', async () => {
  const path = join(folder, 'a.txt');
  await writeFileAtomically(path, 'old');
  await writeFileAtomically(path, 'new');
  expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['new', ['a.txt']]);
});

it('says what to do where it can not write', async () => {
  const path = join(folder, 'nowhere', 'a.txt');
  await expect(writeFileAtomically(path, 'x')).rejects.toMatchObject({
    code: 'UT_TRAINING_CANNOT_WRITE',
    place: path,
  });
});
