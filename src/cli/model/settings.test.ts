import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listed, settingsOf } from './settings.js';

test('single fields stand over those of the file; values are JSON, or else text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-settings-'));
  const file = join(folder, 'front-end.json');
  await writeFile(file, '{"nMels": 64, "picture": {"rows": "frames", "width": 8}}');
  const fields = [
    'nMels=128',
    'picture.width=224',
    'picture.colours=magma',
    'picture.range=[-80,0]',
    'topDb=null',
  ];
  expect(await settingsOf(file, fields)).toEqual({
    nMels: 128,
    topDb: null,
    picture: { rows: 'frames', width: 224, colours: 'magma', range: [-80, 0] },
  });
  await writeFile(file, '[1]');
  await expect(settingsOf(file, [])).rejects.toThrow(/no JSON object/);
  await writeFile(file, '{');
  await expect(settingsOf(file, [])).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_OPTIONS', place: file });
  await rm(folder, { recursive: true });
});

test('a field without a value is refused', async () => {
  await expect(settingsOf(undefined, ['nMels'])).rejects.toThrow(/FIELD=VALUE/);
});

test('names stand between commas', () => {
  expect(listed('angry, sad,happy')).toEqual(['angry', 'sad', 'happy']);
});
