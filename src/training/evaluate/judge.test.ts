import { expect, it } from 'vitest';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import type { VoicedFrames } from '../data/windows.js';
import type { Condition } from './conditions.js';
import { type JudgedClip, type JudgedModel, judgeClips } from './judge.js';

const FRONT_END = { ...DEFAULT_FRONT_END, nMels: 1, normalization: 'none' as const, topDb: null };
const QUIET: Condition = { name: 'quiet', line: null };
const LOUD: Condition = { name: 'loud', line: null };

/** Answers by the window's first frame: below −50 dB "sad", else "angry"; later the sooner it was asked. */
function modelOf(temperature = 1): JudgedModel {
  let pending = 0;
  return {
    frontEnd: FRONT_END,
    labels: ['angry', 'sad'],
    temperature,
    uncertainBelow: 0.8,
    classifier: {
      async classify(window) {
        const sad = window[0]! < -50 ? 0.9 : 0.4;
        for (let turns = 20 - (pending++ % 20); turns > 0; turns--) await Promise.resolve();
        return Float32Array.of(1 - sad, sad);
      },
    },
  };
}

/** A clip whose frames have one level for each hop; all of it is speech. Loud, it is 40 dB louder. */
function clip(id: string, label: string, levels: readonly number[], conditions = [QUIET]): JudgedClip {
  const { windowFrames, windowHopFrames } = FRONT_END;
  const frames = levels.length * windowHopFrames + windowFrames - windowHopFrames;
  const heard = (gain: number): VoicedFrames => ({
    db: Float32Array.from(
      { length: frames },
      (_, i) => gain + (levels[Math.floor(i / windowHopFrames)] ?? 0),
    ),
    frames,
    voice: { fromFrame: 0, toFrame: frames },
  });
  const open = () => ({ under: async ({ name }: Condition) => heard(name === 'loud' ? 40 : 0) });
  return { id, corpus: 'one', speaker: `one/${id[0]}`, label, conditions, open };
}

it('says of each clip, under each of its conditions, what the model says of its windows', async () => {
  const clips = [clip('a1', 'sad', [-60, -60, 0], [QUIET, LOUD]), clip('b1', 'angry', [0])];
  const judged = await judgeClips(modelOf(), clips);
  expect(judged).toEqual([
    {
      condition: 'quiet',
      corpus: 'one',
      clip: 'a1',
      speaker: 'one/a',
      label: 'sad',
      uncertainBelow: 0.8,
      windows: [
        [0.1, 0.9],
        [0.1, 0.9],
        [0.6, 0.4],
      ],
    },
    expect.objectContaining({ condition: 'loud', clip: 'a1', windows: Array(3).fill([0.6, 0.4]) }),
    expect.objectContaining({ condition: 'quiet', clip: 'b1', windows: [[0.6, 0.4]] }),
  ]);
});

it('keeps the order of the clips, however the answers come', async () => {
  const clips = Array.from({ length: 23 }, (_, i) => clip(`c${i}`, 'sad', Array(1 + (i % 3)).fill(-60)));
  const seen: number[] = [];
  const judged = await judgeClips(modelOf(), clips, (done, total) => seen.push(done / total));
  expect(judged.map(({ clip }) => clip)).toEqual(clips.map(({ id }) => id));
  expect(judged.map(({ windows }) => windows.length)).toEqual(clips.map((_, i) => 1 + (i % 3)));
  expect(seen).toEqual(clips.map((_, i) => (i + 1) / 23));
});

it('applies the temperature', async () => {
  const [judged] = await judgeClips(modelOf(2), [clip('a1', 'sad', [-60])]);
  expect(judged!.windows).toEqual([[0.25, 0.75]]);
});

it('refuses a clip whose label the model does not know before it judges any', async () => {
  const clips = [clip('a1', 'sad', [0]), clip('a2', 'boredom', [0])];
  const seen: number[] = [];
  await expect(judgeClips(modelOf(), clips, (done) => seen.push(done))).rejects.toMatchObject({
    code: 'UT_TRAINING_BAD_OPTIONS',
    message: expect.stringContaining('"boredom"; the model knows only angry, sad'),
  });
  expect(seen).toEqual([]);
});
