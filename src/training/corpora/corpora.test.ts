import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCorpus } from './index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-corpus-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Names are all that a loader reads: the files are empty. */
async function plant(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

describe('TESS', () => {
  it('takes speaker and emotion from the folder: one file of OAF is named OA', async () => {
    await plant(
      'OAF_angry/OA_bite_angry.wav',
      'YAF_pleasant_surprised/YAF_dog_ps.flac',
      'OAF_Fear/OAF_x_fear.wav',
    );
    const { clips, warnings } = await readCorpus('tess', root);
    expect(warnings).toEqual([]);
    expect(clips.map(({ id, speaker, label }) => [id, speaker, label])).toEqual([
      ['OAF_Fear__OAF_x_fear', 'tess/OAF', 'fear'],
      ['OAF_angry__OA_bite_angry', 'tess/OAF', 'angry'],
      ['YAF_pleasant_surprised__YAF_dog_ps', 'tess/YAF', 'surprise'],
    ]);
  });

  it('warns of folders that are none of its own, with their place', async () => {
    await plant('OAF_sad/OAF_a_sad.wav', 'OAF_bored/OAF_a_bored.wav', 'other/x.wav', 'notes.txt');
    const { clips, warnings } = await readCorpus('tess', root);
    expect(clips.length).toBe(1);
    expect(warnings).toEqual([
      expect.stringContaining(`${join(root, 'OAF_bored/OAF_a_bored.wav')}: "bored" is no emotion`),
      expect.stringContaining('its folder "other"'),
    ]);
  });
});

describe('RAVDESS', () => {
  it.each([
    ['01', 'neutral', 'neutral'],
    ['02', 'calm', 'calm'],
    ['03', 'happy', 'happy'],
    ['04', 'sad', 'sad'],
    ['05', 'angry', 'angry'],
    ['06', 'fear', 'fearful'],
    ['07', 'disgust', 'disgust'],
    ['08', 'surprise', 'surprised'],
  ])('reads emotion %s as %s', async (code, label, corpusLabel) => {
    await plant(`Actor_12/03-01-${code}-02-01-02-12.flac`);
    const { clips } = await readCorpus('ravdess', root);
    expect(clips[0]).toMatchObject({ speaker: 'ravdess/12', label, corpusLabel, language: 'en' });
  });

  it('warns of song, of unknown emotions and of other names', async () => {
    await plant(
      '03-01-01-01-01-01-01.wav',
      '03-02-03-01-01-01-01.wav',
      '03-01-09-01-01-01-01.wav',
      'take-1.wav',
    );
    const { warnings } = await readCorpus('ravdess', root);
    expect(warnings.join('\n')).toMatch(
      /09 is no emotion[\s\S]*channel 02 is not speech[\s\S]*seven two-digit fields/,
    );
  });
});

describe('Emo-DB', () => {
  it.each([
    ['W', 'angry'],
    ['L', 'boredom'],
    ['E', 'disgust'],
    ['A', 'fear'],
    ['F', 'happy'],
    ['T', 'sad'],
    ['N', 'neutral'],
  ])('reads letter %s as %s', async (letter, label) => {
    await plant(`03a01${letter}a.wav`);
    const { clips } = await readCorpus('emodb', root);
    expect(clips[0]).toMatchObject({ speaker: 'emodb/03', label, language: 'de' });
  });

  it('is the same with its folder "wav" and without: ids decide what is drawn for a clip', async () => {
    await plant('wav/03a01Fa.wav');
    const [whole, inner] = [await readCorpus('emodb', root), await readCorpus('emodb', join(root, 'wav'))];
    expect(whole).toEqual(inner);
    expect(whole.clips[0]!.id).toBe('03a01Fa');
  });

  it('warns of a letter and of a name that it does not define', async () => {
    await plant('03a01Fa.wav', '03a01Xa.wav', '03-a01.wav');
    const { clips, warnings } = await readCorpus('emodb', root);
    expect([clips.length, warnings.length]).toEqual([1, 2]);
  });
});

describe('a folder that is not the corpus', () => {
  it('is refused where nothing in it belongs there', async () => {
    await plant('Actor_01/03-01-01-01-01-01-01.wav');
    await expect(readCorpus('emodb', root)).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
      place: root,
      message: expect.stringContaining('1 audio files, the first'),
    });
  });

  it('is refused where it does not exist', async () => {
    await expect(readCorpus('tess', join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
    });
  });
});
