import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readJudgements, roundedProbabilities, writeJudgements } from './judgements.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-judgements-'));
});
afterAll(() => rm(folder, { recursive: true }));

const probabilities = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 })
  .map(roundedProbabilities);
const judgement = fc.record({
  condition: fc.string(),
  corpus: fc.string(),
  clip: fc.string(),
  speaker: fc.string(),
  label: fc.constantFrom('angry', 'sad'),
  uncertainBelow: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.round(value * 1000) / 1000),
  windows: fc.array(probabilities, { minLength: 1, maxLength: 4 }),
});

it('judgements come back from a file as they were', async () => {
  const path = join(folder, 'whole.jsonl');
  await fc.assert(
    fc.asyncProperty(fc.array(judgement), async (judgements) => {
      await writeJudgements(path, ['angry', 'sad'], judgements);
      expect(await readJudgements(path)).toEqual({ labels: ['angry', 'sad'], judgements });
    }),
    { numRuns: 30 },
  );
});

it.each([
  ['an empty file', ''],
  ['a line cut short', '{"labels":["a"]}\n{"condition":"x","cor'],
  ['a clip without windows', '{"labels":["a"]}\n{"condition":"x","windows":[]}\n'],
])('%s is refused by name', async (_, content) => {
  const place = join(folder, 'broken.jsonl');
  await writeFile(place, content);
  await expect(readJudgements(place)).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_DATA', place });
});
