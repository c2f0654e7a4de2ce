import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noise } from '../../../../test/support/noise.js';
import { encodeWav, resampleClip } from '../../../audio/index.js';
import { checkCorpus } from '../index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-checks-'));
});
afterEach(() => rm(root, { recursive: true }));

interface Recording {
  readonly rate?: number;
  readonly channels: readonly Float32Array[];
}

async function plant(path: string, { rate = 16000, channels }: Recording): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), encodeWav({ sampleRateHz: rate, channels }, 's16le'));
}

/** A second of noise at −20 dBFS or so, other noise for another seed. */
const voice = (seed: number, rate = 16000) => noise(rate, seed).map((x) => x / 10);
const mono = (seed: number, rate = 16000): Recording => ({ rate, channels: [voice(seed, rate)] });

/** Two men and two women, as nothing odd would be found about them. */
async function plantOrdinary(): Promise<void> {
  for (const [i, path] of ['angry/anna_1', 'angry/ben_1', 'sad/anna_2', 'sad/ben_2'].entries())
    await plant(`${path}.wav`, mono(i + 1));
}

const found = async () => {
  const { findings } = await checkCorpus({ corpus: 'mine', layout: 'folders', path: root });
  return findings.map(({ file, kind, detail }) => [file.slice(root.length + 1), kind, detail]);
};

describe('checking recordings', () => {
  it('finds nothing where nothing is odd, and reports its progress', async () => {
    await plantOrdinary();
    const seen: number[] = [];
    const { findings } = await checkCorpus({ corpus: 'mine', layout: 'folders', path: root }, (done) =>
      seen.push(done),
    );
    expect([findings, seen]).toEqual([[], [1, 2, 3, 4]]);
  });

  it.each<[string, Recording, RegExp]>([
    ['other-rate', mono(9, 48000), /^48000 Hz; most others have 16000 Hz/],
    ['silent', { channels: [voice(9).map((x) => x / 1000)] }, /its loudest moment is at -\d+/],
    ['silent', { channels: [new Float32Array(16000)] }, /-120 dBFS/],
    ['short', { channels: [voice(9).subarray(0, 3000)] }, /^188 ms are too short/],
    ['clipped', { channels: [voice(9).map((x) => Math.max(-1, Math.min(1, x * 30)))] }, /% of the samples/],
    ['stereo', { channels: [voice(9), voice(9)] }, /the same samples/],
    ['stereo', { channels: [voice(9), voice(10)] }, /two people/],
    ['narrow-band', { channels: [resampleClip(voice(9, 8000), 8000, 16000)] }, /nothing above 4 kHz/],
  ])('finds what is %s', async (kind, recording, detail) => {
    await plantOrdinary();
    await plant('sad/anna_3.wav', recording);
    expect(await found()).toEqual([['sad/anna_3.wav', kind, expect.stringMatching(detail)]]);
  });

  it('takes loud peaks that are not cut off for what they are', async () => {
    await plantOrdinary();
    const samples = voice(9).map((x, i) => (i % 100 === 0 ? 0.999 : x));
    await plant('sad/anna_3.wav', { channels: [samples] });
    expect(await found()).toEqual([]);
  });

  it('leaves telephone audio in peace where all of it is', async () => {
    for (const [i, path] of ['angry/anna_1', 'angry/ben_1', 'sad/anna_2', 'sad/ben_2'].entries())
      await plant(`${path}.wav`, { channels: [resampleClip(voice(i, 8000), 8000, 16000)] });
    expect(await found()).toEqual([]);
  });

  it('reads what has another content than its name says, and notes it', async () => {
    await plantOrdinary();
    await plant('sad/anna_3.flac', mono(9));
    expect(await found()).toEqual([
      ['sad/anna_3.flac', 'other-format', 'the content is WAV, and is read as such.'],
    ]);
  });

  it('names what can not be read', async () => {
    await plantOrdinary();
    await writeFile(join(root, 'sad', 'anna_3.mp3'), 'ID3');
    expect(await found()).toEqual([
      ['sad/anna_3.mp3', 'left-out', expect.stringMatching(/^UT_AUDIO_UNKNOWN_FORMAT/)],
    ]);
  });
});

describe('recordings that stand several times', () => {
  it('are notes where they agree: the same file, or the same samples', async () => {
    await plantOrdinary();
    await plant('sad/anna_3.wav', mono(3));
    expect(await found()).toEqual([
      ['sad/anna_2.wav', 'same-file', expect.stringContaining('as '.concat(join(root, 'sad/anna_3.wav;')))],
    ]);
    const dither = noise(16000, 99);
    await plant('sad/anna_3.wav', { channels: [voice(3).map((x, i) => x + dither[i]! / 2 ** 16)] });
    expect(await found()).toMatchObject([['sad/anna_2.wav', 'same-audio', expect.anything()]]);
  });

  it('are errors under two labels, and name another speaker', async () => {
    await plantOrdinary();
    await plant('angry/ben_9.wav', mono(3));
    expect(await found()).toEqual([
      [
        'angry/ben_9.wav',
        'two-labels',
        expect.stringContaining('sad/anna_2.wav (sad, mine/anna); here it is'),
      ],
    ]);
  });

  it('are not told from silence', async () => {
    await plantOrdinary();
    for (const path of ['angry/anna_5.wav', 'sad/anna_6.wav'])
      await plant(path, { channels: [new Float32Array(16000)] });
    expect((await found()).map(([, kind]) => kind)).toEqual(['silent', 'silent']);
  });
});

describe('doubts about who speaks', () => {
  it('are two spellings of a name', async () => {
    await plantOrdinary();
    await plant('sad/Anna/3.wav', mono(9));
    await plant('sad/ben-02/1.wav', mono(10));
    await plant('sad/Ben_2/1.wav', mono(11));
    const kinds = await found();
    expect(kinds.map(([, kind, detail]) => `${kind} ${detail}`)).toEqual([
      expect.stringMatching(/^speaker-spelling mine\/Anna, mine\/anna are probably/),
      expect.stringMatching(/^speaker-spelling mine\/Ben_2, mine\/ben-02 are probably/),
    ]);
  });

  it('are one speaker for all, and each for himself', async () => {
    await plant('angry/call_1.wav', mono(1));
    await plant('sad/call_2.wav', mono(2));
    expect(await found()).toMatchObject([['', 'unknown-speaker', expect.stringContaining('mine/call')]]);
    await rm(join(root, 'angry'), { recursive: true });
    await rm(join(root, 'sad'), { recursive: true });
    await plant('angry/a.wav', mono(1));
    await plant('sad/b.wav', mono(2));
    expect(await found()).toMatchObject([
      ['', 'unknown-speaker', expect.stringContaining('2 recordings of as many')],
    ]);
  });
});
