import { describe, expect, it } from 'vitest';
import { DEFAULT_FRONT_END } from '../../../features/index.js';
import { filtersAt } from '../../../inference/index.js';
import { HEADLINE, LINE_CONDITIONS, noiseConditions } from '../conditions.js';
import { type EvaluationFacts, evaluationOf } from '../evaluation.js';
import type { ClipJudgement } from '../judgements.js';
import { renderCard, renderFolds } from './card.js';
import type { CardedBundle } from './model-section.js';

const BUNDLE: CardedBundle = {
  name: 'tiny',
  modelId: 'tiny@0123456789ab',
  labels: ['angry', 'sad'],
  frontEnd: DEFAULT_FRONT_END,
  calibration: { temperature: 1.2 },
  thresholds: { uncertain: 0.8 },
  training: { epochs: 9, bestEpoch: 7, clips: { train: { tess: 5 }, validation: {}, test: { tess: 2 } } },
  network: {
    architecture: {
      inputShape: [128, 64, 1],
      filters: filtersAt(0.25),
      batchNorm: true,
      head: { pooling: 'average', dense: [], dropout: 0 },
      classes: 2,
    },
  },
};

const FACTS: EvaluationFacts = {
  modelId: BUNDLE.modelId,
  labels: BUNDLE.labels,
  protocol: 'tess-oaf-to-yaf',
  description: 'one trains, the other tests.',
  trainedBy: 'tess-oaf-to-yaf',
  leaks: false,
  noises: ['cafe', 'rain'],
  noisesHeard: ['rain'],
  duplicates: 0,
  seed: '1',
};
const PARTS = { picture: null, optimization: null };

function judgedUnder(condition: string): ClipJudgement[] {
  const clip = (clip: string, label: string, sad: readonly number[]) => ({
    condition,
    corpus: 'tess',
    clip,
    speaker: 'tess/YAF',
    label,
    uncertainBelow: 0.8,
    windows: sad.map((share) => [1 - share, share]),
  });
  return [clip('a', 'sad', [0.9, 0.9, 0.4]), clip('b', 'angry', [0.4, 0.4])];
}

const JUDGED = [...LINE_CONDITIONS, ...noiseConditions(['cafe', 'rain'])].flatMap(({ name }) =>
  judgedUnder(name),
);

describe('a card', () => {
  it('states headline, data, conditions, noise, sureness, limits and licences, all from what was measured', () => {
    const evaluation = evaluationOf(FACTS, [JUDGED]);
    const card = renderCard(BUNDLE, evaluation, {
      picture: 'confusion-tess.png',
      optimization: '## Optimised\n\nHalf.',
    });
    expect(card).toContain(`**New speakers.** `);
    expect(card).toContain(`Heard through ${HEADLINE.name}, as a telephone call is.`);
    expect(card).toContain('| tess | 2 | 100.0 % | 100.0–100.0 % | 100.0 % | 100.0 % |');
    expect(card).toContain('| tess, by window | 5 | 83.3 % |');
    expect(card).toContain('| 8 kHz | 100.0 % (100.0–100.0 %); 83.3 % |');
    expect(card).toContain('### tess, 2 clips');
    expect(card).toContain('| **mean: not in training (1)** | 100.0 % |');
    expect(card).toContain('| rain (in training) | 100.0 % |');
    expect(card).toContain('| tess/YAF | 2 | 100.0 % | 100.0 % |');
    expect(card).toContain('CC BY-NC-ND 4.0');
    expect(card).toContain('**Acted speech.**');
    expect(card).toContain('Epoch 7 of 9 was kept');
    expect(card).toContain('![Confusion matrix](confusion-tess.png)');
    expect(card).toContain('## Optimised\n\nHalf.\n\n## Limits');
    expect(card).not.toMatch(/undefined|NaN|null|several names|leaks/);
  });

  it('says so where no telephone line was judged', () => {
    const card = renderCard(BUNDLE, evaluationOf(FACTS, [judgedUnder('as prepared')]), PARTS);
    expect(card).toContain('No telephone line was judged');
    expect(card).not.toMatch(/## On the line|## In noise/);
  });

  it('of another protocol than that of the training says so, and that it leaks', () => {
    const facts = { ...FACTS, trainedBy: 'release', leaks: true, duplicates: 2 };
    const card = renderCard(BUNDLE, evaluationOf(facts, [JUDGED]), PARTS);
    expect(card).toContain('Trained by `release`, judged by `tess-oaf-to-yaf`: one trains');
    expect(card.match(/\*\*The test leaks\.\*\*/g)).toHaveLength(2);
    expect(card).toContain('under several names: 2');
  });

  it('claims nothing that a bundle does not state', () => {
    const facts = { ...FACTS, trainedBy: null, leaks: null, noisesHeard: null };
    const card = renderCard({ ...BUNDLE, training: {} }, evaluationOf(facts, [JUDGED]), PARTS);
    expect(card).toContain('single words in a carrier phrase | 0 | 0 | 2 | CC BY-NC-ND 4.0 |');
    expect(card).toContain('How long it was trained is not stated.');
    expect(card).toContain('**Licences of the training data:** not stated.');
    expect(card).toContain('**Whether the test leaks is not known.**');
    expect(card).not.toMatch(/undefined|NaN|null|in training\)/);
  });

  it('of folds tells each of them and their spread, and speaks of no bundle', () => {
    const card = renderFolds(
      'TESS',
      evaluationOf(FACTS, [judgedUnder(HEADLINE.name), judgedUnder(HEADLINE.name)]),
    );
    expect(card).toContain('2 models, one a fold.');
    expect(card).toContain('UA by clip 100.0 % ± 0.0 (standard deviation): 100.0 %, 100.0 %.');
    expect(card).not.toMatch(/undefined|NaN|null|## Limits/);
  });
});
