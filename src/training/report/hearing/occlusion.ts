import type { Classifier } from '../../../inference/index.js';

/** Share of each side of the input that is hidden at once; it moves by half of that. */
const PATCH_SHARE = 1 / 8;

/** How much a class depends on each place of a window. */
export interface OcclusionMap {
  /** Probability of the class with nothing hidden. */
  readonly probability: number;
  /** Float32 [rows × columns]: mean drop of the probability over the patches that hid this place; may be negative. */
  readonly drops: Float32Array;
}

/**
 * Hides one patch of the input after the other behind its plane's mean and watches the probability of a class (Zeiler &
 * Fergus 2014). It asks nothing of the engine but answers, so that any build of a model can be looked at.
 * @param input Float32 [rows × columns × planes] @param target index of the class
 */
export async function occlusionMap(
  classifier: Pick<Classifier, 'classify'>,
  input: Float32Array,
  [rows, columns, planes]: readonly [number, number, number],
  target: number,
): Promise<OcclusionMap> {
  const probability = (await classifier.classify(input))[target]!;
  const means = planeMeans(input, planes);
  const [sums, counts] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  const acrossRows = spansOf(rows);
  const patches = spansOf(columns).flatMap((across) =>
    acrossRows.map((down) => down.flatMap((row) => across.map((column) => row * columns + column))),
  );
  const answers = patches.map(async (places) => {
    const hidden = input.slice();
    for (const place of places) hidden.set(means, place * planes);
    return probability - (await classifier.classify(hidden))[target]!;
  });
  const drops = await Promise.all(answers);
  patches.forEach((places, i) => {
    for (const place of places) {
      sums[place]! += drops[i]!;
      counts[place]! += 1;
    }
  });
  return { probability, drops: Float32Array.from(sums, (sum, place) => sum / counts[place]!) };
}

/** What patches cover along one side: every half patch one, and the last at the very end, so that nothing is never hidden. */
function spansOf(length: number): number[][] {
  const patch = Math.max(1, Math.round(length * PATCH_SHARE));
  const step = Math.max(1, Math.round(patch / 2));
  const last = length - patch;
  const starts = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  if (starts.at(-1) !== last) starts.push(last);
  return starts.map((start) => Array.from({ length: patch }, (_, i) => start + i));
}

function planeMeans(input: Float32Array, planes: number): Float32Array {
  const means = new Float64Array(planes);
  for (let i = 0; i < input.length; i++) means[i % planes]! += input[i]!;
  return Float32Array.from(means, (sum) => (sum * planes) / input.length);
}
