import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '../../audio/index.js';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import { openDataset } from '../data/dataset.js';
import { readNpy } from '../npy.js';
import { readManifest } from './manifest.js';
import { prepareCorpus } from './prepare.js';
import { spectrogramOf, voiceSpan } from './spectrogram.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-prepare-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Half a second of silence, half a second of a tone, half a second of silence, at 16 kHz. */
function beep(hz: number): Float32Array {
  return Float32Array.from({ length: 24000 }, (_, i) =>
    i >= 8000 && i < 16000 ? 0.4 * Math.sin((2 * Math.PI * hz * i) / 16000) : 0,
  );
}

async function plant(path: string, samples: Float32Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), encodeWav({ sampleRateHz: 16000, channels: [samples] }, 's16le'));
}

async function plantCorpus(): Promise<void> {
  await plant('tess/OAF_sad/OAF_a_sad.wav', beep(300));
  await plant('tess/YAF_happy/YAF_a_happy.wav', beep(600));
  await plant(
    'noise/rain.wav',
    Float32Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 101) / 500),
  );
  await plant('noise/cafe.wav', beep(200));
}

const options = (changes: object = {}) => ({
  corpus: 'tess' as const,
  corpusFolder: join(root, 'tess'),
  out: join(root, 'out'),
  variants: 2,
  noiseFolder: join(root, 'noise'),
  heldBackNoises: ['cafe'],
  threads: 0,
  ...changes,
});

describe('preparing a corpus', () => {
  it('writes an array, variants, a picture and a line for each clip', async () => {
    await plantCorpus();
    const seen: number[] = [];
    const summary = await prepareCorpus(options({ onProgress: (done: number) => seen.push(done) }));
    expect(summary).toEqual({
      prepared: 2,
      kept: 0,
      leftOut: 0,
      unlabelled: 0,
      findings: [],
      findingsFile: join(root, 'out', 'findings.jsonl'),
    });
    expect(seen).toEqual([1, 2]);
    const [sad, happy] = await readManifest(join(root, 'out'));
    expect(sad).toMatchObject({
      speaker: 'tess/OAF',
      label: 'sad',
      durationMs: 1500,
      source: join('OAF_sad', 'OAF_a_sad.wav'),
    });
    expect(happy!.variants.length).toBe(2);
    const { data, shape } = await readNpy(join(root, 'out', sad!.file));
    expect(shape).toEqual([sad!.frames, DEFAULT_FRONT_END.nMels]);
    expect(data.every(Number.isFinite)).toBe(true);
    const variant = happy!.variants[0]!;
    expect((await readNpy(join(root, 'out', variant.file))).shape[0]).toBe(variant.frames);
    expect((await readFile(join(root, 'out', sad!.picture))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('finds the speech between the silences', async () => {
    const samples = Float32Array.from({ length: 12000 }, (_, i) =>
      i >= 4000 && i < 8000 ? Math.sin(i) / 2 : 0,
    );
    const { fromFrame, toFrame } = voiceSpan(spectrogramOf(samples, DEFAULT_FRONT_END));
    expect(Math.abs(fromFrame * 128 - 4000)).toBeLessThan(384);
    expect(Math.abs(toFrame * 128 - 8000)).toBeLessThan(384);
  });

  it('goes on where it was stopped, and gives what one run would have given', async () => {
    await plantCorpus();
    const out = join(root, 'out');
    await prepareCorpus(options());
    const whole = await readFile(join(out, 'manifest.jsonl'), 'utf8');
    const [first] = whole.split('\n');
    await writeFile(join(out, 'manifest.jsonl'), `${first}\n{"id":"YAF_hap`);
    const summary = await prepareCorpus(options());
    expect(summary).toMatchObject({ prepared: 1, kept: 1 });
    expect(await readFile(join(out, 'manifest.jsonl'), 'utf8')).toBe(whole);
  });

  it('does nothing when all is there', async () => {
    await plantCorpus();
    await prepareCorpus(options());
    const path = join(root, 'out', 'OAF_sad__OAF_a_sad.npy');
    const before = (await stat(path)).mtimeMs;
    expect(await prepareCorpus(options())).toMatchObject({ prepared: 0, kept: 2 });
    expect((await stat(path)).mtimeMs).toBe(before);
  });

  it('is the same from the same seed, another from another', async () => {
    await plantCorpus();
    const variantOf = async (name: string, seed: string) => {
      await prepareCorpus(options({ out: join(root, name), seed }));
      return (await readNpy(join(root, name, 'OAF_sad__OAF_a_sad.v1.npy'))).data;
    };
    const first = await variantOf('a', '1');
    expect(await variantOf('b', '1')).toEqual(first);
    expect(await variantOf('c', '2')).not.toEqual(first);
  });

  it('never mixes settings in one directory', async () => {
    await plantCorpus();
    await prepareCorpus(options());
    await expect(prepareCorpus(options({ variants: 3 }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_DATA',
      message: expect.stringContaining('"variants"'),
    });
  });

  it('leaves unreadable recordings out with a warning that names them', async () => {
    await plantCorpus();
    await mkdir(join(root, 'tess', 'OAF_fear'));
    await appendFile(join(root, 'tess', 'OAF_fear', 'OAF_a_fear.wav'), 'this is text');
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => seen.push(done / total);
    const { prepared, leftOut, findings } = await prepareCorpus(options({ onProgress }));
    expect([prepared, leftOut]).toEqual([2, 1]);
    expect(seen.at(-1)).toBe(1);
    expect(findings).toEqual([
      {
        file: join(root, 'tess', 'OAF_fear', 'OAF_a_fear.wav'),
        kind: 'left-out',
        detail: expect.stringMatching(/^UT_AUDIO_UNKNOWN_FORMAT: /),
      },
    ]);
    expect(await readdir(join(root, 'out'))).not.toContain('OAF_fear__OAF_a_fear.npy');
  });

  it('stops where recordings contradict their labels, before or after they were read', async () => {
    await plantCorpus();
    await plant('tess/OAF_sad/OAF_b_angry.wav', beep(500));
    const code = 'UT_TRAINING_BAD_CORPUS';
    const wrong = {
      code,
      message: expect.stringContaining('OAF_b_angry.wav: the name says OAF and "angry"'),
    };
    await expect(prepareCorpus(options())).rejects.toMatchObject(wrong);
    await rm(join(root, 'tess/OAF_sad/OAF_b_angry.wav'));
    await plant('tess/OAF_angry/OAF_a_angry.wav', beep(300));
    await expect(prepareCorpus(options())).rejects.toThrow(
      /1 recordings contradict.*\n.*OAF_a_sad.wav \(sad\)/,
    );
    await expect(openDataset([join(root, 'out')])).rejects.toThrow(/never finished/);
  });

  it('forgets what has gone or was corrected', async () => {
    await plant('calls/a.wav', beep(300));
    await plant('calls/b.wav', beep(500));
    const manifest = (text: string) => writeFile(join(root, 'calls', 'calls.csv'), text);
    const own = () =>
      prepareCorpus({
        corpus: 'my-calls',
        layout: 'csv',
        corpusFolder: join(root, 'calls', 'calls.csv'),
        out: join(root, 'out'),
        variants: 0,
        threads: 0,
      });
    await manifest('path,label,speaker\na.wav,sad,anna\nb.wav,calm,ben\n');
    expect(await own()).toMatchObject({ prepared: 2, kept: 0 });
    await manifest('path,label,speaker\na.wav,happy,anna\n');
    expect(await own()).toMatchObject({ prepared: 1, kept: 0 });
    const { clips } = await openDataset([join(root, 'out')]);
    expect(clips).toMatchObject([{ label: 'happy', speaker: 'my-calls/anna', source: 'a.wav' }]);
  });

  it('reads IEMOCAP, and counts the turns on which the judges did not agree', async () => {
    const dialogue = 'Ses01F_impro01';
    const line = (turn: string, emotion: string) => `[1.0 - 2.5]\t${turn}\t${emotion}\t[2.5, 2.5, 2.5]\n`;
    const turns = { F000: 'exc', M000: 'fru', F001: 'xxx' };
    const evaluations = join(root, 'iemocap/Session1/dialog/EmoEvaluation');
    await mkdir(evaluations, { recursive: true });
    for (const [i, [turn, emotion]] of Object.entries(turns).entries()) {
      await appendFile(join(evaluations, `${dialogue}.txt`), line(`${dialogue}_${turn}`, emotion));
      await plant(`iemocap/Session1/sentences/wav/${dialogue}/${dialogue}_${turn}.wav`, beep(300 + 100 * i));
    }
    const summary = await prepareCorpus(
      options({
        corpus: 'iemocap',
        corpusFolder: join(root, 'iemocap'),
        noiseFolder: null,
        heldBackNoises: [],
      }),
    );
    expect(summary).toMatchObject({
      prepared: 2,
      unlabelled: 1,
      findings: [{ kind: 'no-label', detail: expect.stringContaining('"no agreement"') }],
    });
    expect((await readManifest(join(root, 'out'))).map(({ label, speaker }) => [label, speaker])).toEqual([
      ['excitement', 'iemocap/Ses01F'],
      ['frustration', 'iemocap/Ses01M'],
    ]);
  });

  it('ends with an error where nothing can be read', async () => {
    await plantCorpus();
    for (const path of ['OAF_sad/OAF_a_sad.wav', 'YAF_happy/YAF_a_happy.wav'])
      await writeFile(join(root, 'tess', path), 'this is text');
    await expect(prepareCorpus(options())).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
      message: expect.stringContaining('none of its 2 clips'),
    });
  });

  it('leaves no clip out for a reason that is not in its recording', async () => {
    await plantCorpus();
    await mkdir(join(root, 'out', 'OAF_sad__OAF_a_sad.png'), { recursive: true });
    await expect(prepareCorpus(options())).rejects.toThrow(/OAF_a_sad\.wav: .*EISDIR/);
    await writeFile(join(root, 'noise', 'rain.wav'), 'this is text');
    await expect(prepareCorpus(options({ out: join(root, 'other') }))).rejects.toMatchObject({
      code: 'UT_AUDIO_UNKNOWN_FORMAT',
      place: join(root, 'noise', 'rain.wav'),
    });
  });

  it('is trusted only once it is finished', async () => {
    await plantCorpus();
    const out = join(root, 'out');
    await prepareCorpus(options());
    expect((await openDataset([out])).clips.length).toBe(2);
    await rm(join(out, 'finished.json'));
    await expect(openDataset([out])).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_DATA',
      message: expect.stringContaining('undertone prepare tess=FOLDER --variants 2 --seed 1'),
    });
    expect(await prepareCorpus(options())).toMatchObject({ prepared: 0, kept: 2 });
    expect((await openDataset([out])).clips.length).toBe(2);
  });

  it('is not mixed with itself', async () => {
    await plantCorpus();
    const [out, again] = [join(root, 'out'), join(root, 'again')];
    for (const folder of [out, again]) await prepareCorpus(options({ out: folder }));
    await expect(openDataset([out, `${out}/`])).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_OPTIONS' });
    await expect(openDataset([out, again])).rejects.toThrow(/OAF_sad__OAF_a_sad.*too/);
  });

  it('knows recordings that stand in it under two names', async () => {
    await plantCorpus();
    await plant('tess/OAF_sad/OAF_b_sad.wav', beep(300));
    await prepareCorpus(options());
    expect((await openDataset([join(root, 'out')])).duplicates).toEqual([
      [join('OAF_sad', 'OAF_a_sad.wav'), join('OAF_sad', 'OAF_b_sad.wav')],
    ]);
  });

  it('claims no directory for a front end that can not compute', async () => {
    await plantCorpus();
    const frontEnd = { ...DEFAULT_FRONT_END, nFft: 250 };
    await expect(prepareCorpus(options({ frontEnd }))).rejects.toMatchObject({
      code: 'UT_FEATURES_BAD_FRONT_END',
      place: 'frontEnd.nFft',
    });
    await expect(readdir(join(root, 'out'))).rejects.toThrow('ENOENT');
  });

  it('keeps back only noise that there is', async () => {
    await plantCorpus();
    await expect(prepareCorpus(options({ heldBackNoises: ['pub'] }))).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      message: expect.stringContaining('cafe, rain'),
    });
  });
});
