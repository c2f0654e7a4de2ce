import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isError, readCorpus } from './index.js';

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
    const { clips, findings } = await readCorpus({ corpus: 'tess', path: root });
    expect(findings).toEqual([]);
    expect(clips.map(({ id, speaker, label }) => [id, speaker, label])).toEqual([
      ['OAF_Fear__OAF_x_fear', 'tess/OAF', 'fear'],
      ['OAF_angry__OA_bite_angry', 'tess/OAF', 'angry'],
      ['YAF_pleasant_surprised__YAF_dog_ps', 'tess/YAF', 'surprise'],
    ]);
  });

  it('warns of folders that are none of its own, with their place', async () => {
    await plant(
      'OAF_sad/OAF_a_sad.wav',
      'OAF_bored/OAF_a_bored.wav',
      'other/x.wav',
      'OAF_sad.wav',
      'notes.txt',
    );
    const { clips, findings } = await readCorpus({ corpus: 'tess', path: root });
    expect(clips.length).toBe(1);
    expect(findings).toEqual([
      {
        file: join(root, 'OAF_bored/OAF_a_bored.wav'),
        kind: 'left-out',
        detail: expect.stringContaining('"bored" is no emotion'),
      },
      {
        file: join(root, 'OAF_sad.wav'),
        kind: 'left-out',
        detail: expect.stringContaining('its folder "" is not named'),
      },
      {
        file: join(root, 'other/x.wav'),
        kind: 'left-out',
        detail: expect.stringContaining('its folder "other"'),
      },
    ]);
  });
});

describe('names that contradict their folders', () => {
  it.each([
    ['tess', 'OAF_angry/OAF_x_sad.wav', /the name says OAF and "sad", its folder OAF and "angry"/],
    ['tess', 'OAF_angry/YAF_x_angry.wav', /the name says YAF/],
    ['ravdess', 'Actor_12/03-01-05-02-01-02-11.wav', /the name says actor 11, its folder actor 12/],
  ])('are errors: %s %s', async (corpus, path, detail) => {
    await plant(path);
    const { findings } = await readCorpus({ corpus, path: root });
    expect(findings).toEqual([
      { file: join(root, path), kind: 'contradiction', detail: expect.stringMatching(detail) },
    ]);
    expect(findings.every(isError)).toBe(true);
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
    const { clips } = await readCorpus({ corpus: 'ravdess', path: root });
    expect(clips[0]).toMatchObject({ speaker: 'ravdess/12', label, corpusLabel, language: 'en' });
  });

  it('warns of song, of unknown emotions and of other names', async () => {
    await plant(
      '03-01-01-01-01-01-01.wav',
      '03-02-03-01-01-01-01.wav',
      '03-01-09-01-01-01-01.wav',
      'take-1.wav',
    );
    const { findings } = await readCorpus({ corpus: 'ravdess', path: root });
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(
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
    const { clips } = await readCorpus({ corpus: 'emodb', path: root });
    expect(clips[0]).toMatchObject({ speaker: 'emodb/03', label, language: 'de' });
  });

  it('is the same with its folder "wav" and without: ids decide what is drawn for a clip', async () => {
    await plant('wav/03a01Fa.wav');
    const [whole, inner] = [
      await readCorpus({ corpus: 'emodb', path: root }),
      await readCorpus({ corpus: 'emodb', path: join(root, 'wav') }),
    ];
    expect(whole).toEqual(inner);
    expect(whole.clips[0]!.id).toBe('03a01Fa');
  });

  it('warns of a letter and of a name that it does not define', async () => {
    await plant('03a01Fa.wav', '03a01Xa.wav', '03-a01.wav');
    const { clips, findings } = await readCorpus({ corpus: 'emodb', path: root });
    expect([clips.length, findings.length]).toEqual([1, 2]);
  });
});

describe('a folder that is not the corpus', () => {
  it('is refused where nothing in it belongs there', async () => {
    await plant('Actor_01/03-01-01-01-01-01-01.wav');
    await expect(readCorpus({ corpus: 'emodb', path: root })).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
      place: root,
      message: expect.stringMatching(/1 audio files, the first: .* It looks like ravdess: write ravdess=/),
    });
  });

  it.each(['RAVDESS.zip', 'ravdess.tar.gz'])('is refused where it is an archive: %s', async (name) => {
    await plant(name, `inside/${name}`);
    for (const path of [join(root, name), join(root, 'inside')]) {
      await expect(readCorpus({ corpus: 'ravdess', path })).rejects.toMatchObject({
        code: 'UT_TRAINING_BAD_CORPUS',
        place: path,
        message: expect.stringContaining('Unpack it'),
      });
    }
  });

  it('is refused where it is a file', async () => {
    await plant('notes.txt');
    const reading = readCorpus({ corpus: 'tess', path: join(root, 'notes.txt') });
    await expect(reading).rejects.toThrow(/a file, not a folder/);
  });

  it('is refused where nobody knows its name', async () => {
    const code = 'UT_TRAINING_BAD_OPTIONS';
    await expect(readCorpus({ corpus: 'toString', path: root })).rejects.toMatchObject({ code });
    await expect(readCorpus({ corpus: 'tess', layout: 'folders', path: root })).rejects.toMatchObject({
      code,
    });
  });

  it('is refused where it does not exist', async () => {
    await expect(readCorpus({ corpus: 'tess', path: join(root, 'nowhere') })).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
    });
  });
});
