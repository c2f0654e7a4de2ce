import { describe, expect, it } from 'vitest';
import { HEADLINE, LINE_CONDITIONS, NOISE_SNRS_DB, noiseConditions } from './conditions.js';
import { type EvaluationFacts, evaluationOf } from './evaluation.js';
import { headlineOf, independenceOf } from './headline.js';
import type { ClipJudgement } from './judgements.js';
import { meanLevels } from './noise-grid.js';
import { describeResult } from './text-report.js';

const FACTS: EvaluationFacts = {
  modelId: 'tiny@0123456789ab',
  labels: ['angry', 'sad'],
  protocol: 'release',
  description: 'some train, others test.',
  trainedBy: 'release',
  leaks: false,
  noises: ['cafe', 'rain'],
  noisesHeard: ['rain'],
  duplicates: 0,
  seed: '1',
};

/** A clip whose windows are as sad as these shares say. */
function judged(clip: string, label: string, sad: readonly number[], facts: Partial<ClipJudgement> = {}) {
  const windows = sad.map((share) => [1 - share, share]);
  const speaker = `one/${clip[0]}`;
  const condition = HEADLINE.name;
  return { condition, corpus: 'one', clip, speaker, label, uncertainBelow: 0.8, windows, ...facts };
}

const CLIPS = [
  judged('a1', 'sad', [0.9, 0.9, 0.4]),
  judged('b1', 'angry', [0.4, 0.4]),
  judged('a2', 'sad', [0.4], { corpus: 'two', speaker: 'two/a' }),
];

describe('an evaluation', () => {
  it('counts windows by themselves and clips by the mean of theirs, corpus by corpus', () => {
    const [one, two] = evaluationOf(FACTS, [CLIPS]).conditions[0]!.corpora;
    expect(one!.corpus).toBe('one');
    expect(one!.byWindow.confusion).toEqual([
      [2, 0],
      [1, 2],
    ]);
    expect(one!.byClip.confusion).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(two!.byClip.accuracy).toBe(0);
    expect(one!.byWindow.coverage.confident).toEqual({ coverage: 2 / 5, precision: 1 });
    expect(two!.byWindow.coverage.confident).toEqual({ coverage: 0, precision: null });
  });

  it('has a line for each speaker', () => {
    const clips = [...CLIPS.slice(0, 2), judged('a3', 'angry', [0.9]), judged('a4', 'sad', [0.9])];
    const [one] = evaluationOf(FACTS, [clips]).conditions[0]!.corpora;
    expect(one!.bySpeaker).toEqual([
      { speaker: 'one/a', clips: 3, unweightedAccuracy: 0.5, accuracy: 2 / 3 },
      { speaker: 'one/b', clips: 1, unweightedAccuracy: 1, accuracy: 1 },
    ]);
  });

  it('has its conditions in the order of the list, whatever order they were judged in', () => {
    const clips = [...LINE_CONDITIONS]
      .reverse()
      .map(({ name }) => judged('a1', 'sad', [0.9], { condition: name }));
    const evaluation = evaluationOf(FACTS, [clips]);
    expect(evaluation.conditions.map(({ condition }) => condition)).toEqual(
      LINE_CONDITIONS.map(({ name }) => name),
    );
    expect(headlineOf(evaluation).condition).toBe(HEADLINE.name);
    const prepared = evaluationOf(FACTS, [[judged('a1', 'sad', [0.9], { condition: 'as prepared' })]]);
    expect(headlineOf(prepared).condition).toBe('as prepared');
  });

  it('pools folds and says how far they lie apart', () => {
    const folds = [
      [judged('a1', 'sad', [0.9]), judged('a2', 'angry', [0.1])],
      [judged('b1', 'sad', [0.9]), judged('b2', 'angry', [0.9])],
    ];
    const evaluation = evaluationOf(FACTS, folds);
    const [one] = evaluation.conditions[0]!.corpora;
    expect(evaluation.foldCount).toBe(2);
    expect(one!.byClip).toMatchObject({ items: 4, unweightedAccuracy: 0.75 });
    expect(one!.folds).toEqual({
      byFold: [1, 0.5],
      mean: 0.75,
      standardDeviation: expect.closeTo(Math.sqrt(2) / 4, 12),
    });
    expect(evaluationOf(FACTS, [folds[0]!]).conditions[0]!.corpora[0]!.folds).toBeNull();
  });

  it('tells noise that training held from noise that is new to it', () => {
    const noisy = noiseConditions(['cafe', 'rain']).flatMap(({ name, line }) => {
      const wrong = line!.noise!.name === 'cafe' && line!.noise!.snrDb === 0;
      return [
        judged('a1', 'sad', [wrong ? 0.1 : 0.9], { condition: name }),
        judged('b1', 'angry', [0.1], { condition: name }),
      ];
    });
    const { noise, conditions } = evaluationOf(FACTS, [[...CLIPS, ...noisy]]);
    expect(conditions).toHaveLength(1);
    expect(noise.map(({ noise, heard, clips }) => [noise, heard, clips])).toEqual([
      ['cafe', false, 2],
      ['rain', true, 2],
    ]);
    expect(noise[0]!.levels.map(({ byClip }) => byClip)).toEqual([1, 1, 1, 0.5]);
    expect(meanLevels(noise).map(({ byWindow }) => byWindow)).toEqual([1, 1, 1, 0.75]);
    expect(meanLevels(noise).map(({ snrDb }) => snrDb)).toEqual(NOISE_SNRS_DB);
  });

  it('says before any figure whether its voices are new', () => {
    expect(independenceOf(evaluationOf(FACTS, [CLIPS])).kind).toBe('new-speakers');
    const drawn = { ...FACTS, trainedBy: 'tess-random', protocol: 'tess-random', leaks: true };
    expect(independenceOf(evaluationOf(drawn, [CLIPS])).text).toContain(
      'speakers and words occur in training',
    );
    const other = independenceOf(evaluationOf({ ...drawn, protocol: 'tess-oaf-to-yaf' }, [CLIPS]));
    expect(other.text).toContain('`tess-oaf-to-yaf` tests were heard in training by `tess-random`');
    expect(independenceOf(evaluationOf({ ...FACTS, leaks: null }, [CLIPS])).kind).toBe('not-known');
  });

  it('gives a terminal summary, classes and confusion', () => {
    const [one] = evaluationOf(FACTS, [CLIPS]).conditions[0]!.corpora;
    const text = describeResult(one!);
    expect(text).toContain('one by window: 5 items, accuracy (WA) 80.0 %, UA 83.3 % (95 %: ');
    expect(text).toMatch(/sad +3 +100\.0 % +66\.7 % +80\.0 %/);
  });
});
