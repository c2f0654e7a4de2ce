import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCorpus } from './index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-iemocap-'));
});
afterEach(() => rm(root, { recursive: true }));

const evaluationOf = (dialogue: string) =>
  join(root, 'Session1', 'dialog', 'EmoEvaluation', `${dialogue}.txt`);

/** A turn with its line and what judges wrote below it, and its recording, which no listing opens. */
async function plantTurn(dialogue: string, turn: string, emotion: string): Promise<void> {
  const evaluation = evaluationOf(dialogue);
  await mkdir(dirname(evaluation), { recursive: true });
  const line = `[6.2901 - 8.2357]\t${turn}\t${emotion}\t[2.5000, 2.5000, 2.5000]\n`;
  await appendFile(evaluation, `${line}C-E2:\tNeutral;\t()\nA-E3:\tval 3; act 2; dom  2;\t()\n\n`);
  await plantRecording(`Session1/sentences/wav/${dialogue}/${turn}.wav`);
}

async function plantRecording(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
}

const read = () => readCorpus({ corpus: 'iemocap', path: root });

describe('IEMOCAP', () => {
  it.each([
    ['neu', 'neutral'],
    ['hap', 'happy'],
    ['exc', 'excitement'],
    ['ang', 'angry'],
    ['sad', 'sad'],
    ['fru', 'frustration'],
    ['fea', 'fear'],
    ['sur', 'surprise'],
    ['dis', 'disgust'],
    ['oth', null],
    ['xxx', null],
  ])('reads the category %s as %s', async (emotion, label) => {
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', emotion);
    const { clips, findings } = await read();
    expect(clips).toMatchObject([{ label, language: 'en', corpus: 'iemocap' }]);
    expect(findings.map(({ kind }) => kind)).toEqual(label === null ? ['no-label'] : []);
  });

  it('takes for the speaker who speaks, not who wore the markers', async () => {
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', 'neu');
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_M003', 'ang');
    await plantTurn('Ses01M_script01_1b', 'Ses01M_script01_1b_F002', 'fru');
    const { clips } = await read();
    expect(clips.map(({ id, speaker }) => [id.split('__').at(-1), speaker])).toEqual([
      ['Ses01F_impro01_F000', 'iemocap/Ses01F'],
      ['Ses01F_impro01_M003', 'iemocap/Ses01M'],
      ['Ses01M_script01_1b_F002', 'iemocap/Ses01F'],
    ]);
  });

  it('passes over recordings of whole dialogues, hidden files and the folders of single judges', async () => {
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', 'neu');
    await plantRecording('Session1/dialog/wav/Ses01F_impro01.wav');
    await plantRecording('Session1/sentences/wav/Ses01F_impro01/._Ses01F_impro01_F000.wav');
    await writeFile(join(dirname(evaluationOf('x')), '._Ses01F_impro01.txt'), '\u0000[');
    await mkdir(join(dirname(evaluationOf('x')), 'Categorical'));
    const { clips, findings } = await read();
    expect([clips.length, findings]).toEqual([1, []]);
  });

  it('names what has a label and no recording, and the other way round', async () => {
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', 'neu');
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F001', 'neu');
    await rm(join(root, 'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F001.wav'));
    await plantRecording('Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F009.wav');
    const { clips, findings } = await read();
    expect(clips.length).toBe(1);
    expect(findings).toEqual([
      {
        file: `${evaluationOf('Ses01F_impro01')}:5`,
        kind: 'left-out',
        detail: 'there is no recording of Ses01F_impro01_F001.',
      },
      {
        file: expect.stringMatching(/F009\.wav$/),
        kind: 'left-out',
        detail: 'no evaluation names this turn.',
      },
    ]);
  });

  it('names lines that it does not understand, with their place', async () => {
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', 'neu');
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F001', 'joy');
    await appendFile(evaluationOf('Ses01F_impro01'), '[1 - 2] Ses01F_impro01_F002 neu\n');
    const { findings } = await read();
    expect(findings.map(({ file, detail }) => `${file.split('/').at(-1)} ${detail}`)).toEqual([
      expect.stringMatching(/^Ses01F_impro01.txt:9 the line is not/),
      expect.stringMatching(/^Ses01F_impro01_F001.wav "joy" is no emotion of IEMOCAP/),
    ]);
  });

  it('may lie in the folder that its archive unpacks to', async () => {
    const whole = root;
    root = join(whole, 'IEMOCAP_full_release');
    await plantTurn('Ses01F_impro01', 'Ses01F_impro01_F000', 'neu');
    const inner = await read();
    root = whole;
    expect(await read()).toEqual(inner);
  });

  it('is to be unpacked first', async () => {
    await writeFile(join(root, 'IEMOCAP_full_release.tar.gz'), '');
    await expect(read()).rejects.toThrow(/Unpack it/);
  });

  it('is refused where its evaluations are missing, or it is another corpus', async () => {
    const code = 'UT_TRAINING_BAD_CORPUS';
    await plantRecording('Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav');
    await expect(read()).rejects.toMatchObject({ code, place: dirname(evaluationOf('x')) });
    await rm(join(root, 'Session1'), { recursive: true });
    await plantRecording('Actor_01/03-01-01-01-01-01-01.wav');
    await expect(read()).rejects.toThrow(/no folder Session1.*looks like ravdess/);
  });
});
