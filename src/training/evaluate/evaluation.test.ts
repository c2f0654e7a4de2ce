import { describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import type { VoicedFrames } from '../data/windows.js';
import { renderCard } from './card.js';
import type { Evaluation } from './evaluate-bundle.js';
import { type EvaluatedClip, evaluateClips, type JudgedModel } from './evaluation.js';
import { describeResult } from './text-report.js';

const FRONT_END = { ...DEFAULT_FRONT_END, nMels: 1, normalization: 'none' as const, topDb: null };

/** Answers by the window's first frame: below −50 dB "sad", else "angry"; surer the farther away. */
const model: JudgedModel = {
  frontEnd: FRONT_END,
  labels: ['angry', 'sad'],
  temperature: 1,
  uncertainBelow: 0.8,
  classifier: {
    async classify(window) {
      const sad = window[0]! < -50 ? 0.9 : 0.4;
      return Float32Array.of(1 - sad, sad);
    },
  },
};

/** A clip whose frames have one level for each hop; all of it is speech. */
function clip(corpus: string, label: string, levels: readonly number[]): EvaluatedClip {
  const frames =
    levels.length * FRONT_END.windowHopFrames + FRONT_END.windowFrames - FRONT_END.windowHopFrames;
  const db = Float32Array.from(
    { length: frames },
    (_, i) => levels[Math.floor(i / FRONT_END.windowHopFrames)] ?? 0,
  );
  const heard: VoicedFrames = { db, frames, voice: { fromFrame: 0, toFrame: frames } };
  return { corpus, label, load: async () => heard };
}

const clips = [clip('one', 'sad', [-60, -60, 0]), clip('one', 'angry', [0, 0]), clip('two', 'sad', [0])];

describe('evaluation', () => {
  it('judges windows by themselves and clips by the mean of theirs, corpus by corpus', async () => {
    const [one, two] = await evaluateClips(model, clips);
    expect(one!.corpus).toBe('one');
    expect(one!.byWindow.confusion).toEqual([
      [2, 0],
      [1, 2],
    ]);
    // Means over the windows of the sad clip: (0.9 + 0.9 + 0.4) / 3 for sad.
    expect(one!.byClip.confusion).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(two!.byClip.accuracy).toBe(0);
  });

  it('says how many windows pass the threshold and how many of these are right', async () => {
    const [one, two] = await evaluateClips(model, clips);
    expect(one!.confident).toEqual({ coverage: 2 / 5, precision: 1 });
    expect(two!.confident).toEqual({ coverage: 0, precision: null });
  });

  it('refuses a clip whose label the model does not know', async () => {
    const evaluated = evaluateClips(model, [clip('one', 'bored', [0])]);
    await expect(evaluated).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_OPTIONS',
      message: expect.stringContaining('"bored"; the model knows only angry, sad'),
    });
  });

  it('applies the temperature before it compares with the threshold', async () => {
    const [one] = await evaluateClips({ ...model, temperature: 5 }, clips);
    expect(one!.confident.coverage).toBe(0);
  });
});

describe('reports', () => {
  const bundle = {
    name: 'tiny',
    modelId: 'tiny@0123456789ab',
    labels: model.labels,
    frontEnd: FRONT_END,
    calibration: { temperature: 1.2 },
    thresholds: { uncertain: 0.8 },
    training: { epochs: 9, bestEpoch: 7, clips: { train: { tess: 5 }, validation: {}, test: { tess: 2 } } },
    network: {
      architecture: {
        inputShape: [128, 1, 1] as const,
        width: 0.25,
        batchNorm: true,
        head: { pooling: 'average' as const, dense: [], dropout: 0 },
        classes: 2,
      },
    },
  };

  async function evaluationOf(changes: Partial<Evaluation> = {}): Promise<Evaluation> {
    const corpora = await evaluateClips(model, clips.slice(0, 2));
    return {
      modelId: bundle.modelId,
      protocol: 'tess-random',
      trainedBy: 'tess-random',
      description: 'drawn at random',
      leaks: true,
      noises: ['cafe'],
      noisesUnheard: true,
      duplicates: 0,
      conditions: [
        { condition: 'clean', corpora },
        { condition: 'noise', corpora },
      ],
      ...changes,
    };
  }

  it('a card states data, results, line conditions, limits and licences, all from what was measured', async () => {
    const card = renderCard(bundle, await evaluationOf(), 'confusion-one.png');
    expect(card).toContain('| one, by window | 5 | 83.3 % | 80.0 % |');
    expect(card).toContain('| noise | 100.0 % (83.3 %) |');
    expect(card).toContain('CC BY-NC-ND 4.0');
    expect(card).toContain('**Acted speech.**');
    expect(card).toContain('**The test leaks.**');
    expect(card).toContain('Epoch 7 of 9 was kept');
    expect(card).toContain('![Confusion matrix](confusion-one.png)');
    expect(card).toContain('cafe (recordings of noise that training did not hold)');
    expect(card).not.toMatch(/undefined|NaN|null|several names/);
  });

  it('a card of another protocol than that of the training says so, and whose voices it has heard', async () => {
    const mixed = await evaluationOf({ trainedBy: 'release', noisesUnheard: false, duplicates: 2 });
    const card = renderCard(bundle, mixed, null);
    expect(card).toContain('Trained by `release`, judged by `tess-random`: drawn at random');
    expect(card).toContain('Speakers that `tess-random` tests were heard in training by `release`');
    expect(card).toContain('cafe (training held these noises too)');
    expect(card).toContain('under several names: 2');
    const disjoint = renderCard(bundle, { ...mixed, leaks: false }, null);
    expect(disjoint).not.toContain('leaks');
  });

  it('a card claims nothing that a bundle does not state', async () => {
    const unknown = await evaluationOf({ trainedBy: null, leaks: null, noisesUnheard: null });
    const card = renderCard({ ...bundle, training: {} }, unknown, null);
    expect(card).toContain('| one | not stated | 0 | 0 | 2 | not stated | not stated |');
    expect(card).toContain('How long it was trained is not stated.');
    expect(card).toContain('Licences of the training data: not stated.');
    expect(card).toContain('**Whether the test leaks is not known.**');
    expect(card).not.toMatch(/undefined|NaN|null/);
  });

  it('a terminal gets summary, classes and confusion', async () => {
    const [one] = await evaluateClips(model, clips);
    const text = describeResult(one!);
    expect(text).toContain('one by window: 5 items, accuracy (WA) 80.0 %, UA 83.3 %');
    expect(text).toMatch(/sad +3 +100\.0 % +66\.7 % +80\.0 %/);
  });
});
