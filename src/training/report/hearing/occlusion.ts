import type { Classifier } from '../../../inference/index.js';

/** What is hidden at once, and how far it moves: about a quarter of a second and an eighth of the bands. */
const PATCH = { frames: 16, bands: 8, frameStep: 8, bandStep: 4 };

/** How much a class depends on each place of a window. */
export interface OcclusionMap {
  /** Probability of the class with nothing hidden. */
  readonly probability: number;
  /** Float32 [frames × bands]: mean drop of the probability over the patches that hid this place; may be negative. */
  readonly drops: Float32Array;
}

/**
 * Hides one patch of the input after the other behind its plane's mean and watches the probability of a class (Zeiler &
 * Fergus 2014). It asks nothing of the engine but answers, so that any build of a model can be looked at.
 * @param input Float32 [frames × bands × planes] @param target index of the class
 */
export async function occlusionMap(
  classifier: Pick<Classifier, 'classify'>,
  input: Float32Array,
  [frames, bands, planes]: readonly [number, number, number],
  target: number,
): Promise<OcclusionMap> {
  const probability = (await classifier.classify(input))[target]!;
  const means = planeMeans(input, planes);
  const [sums, counts] = [new Float64Array(frames * bands), new Float64Array(frames * bands)];
  const patches = startsOf(frames, PATCH.frames, PATCH.frameStep).flatMap((frame) =>
    startsOf(bands, PATCH.bands, PATCH.bandStep).map((band) => placesOf(frame, band, frames, bands)),
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

/** Where patches begin: every step, and the last one at the very end, so that every place is hidden at least once. */
function startsOf(length: number, patch: number, step: number): number[] {
  const last = Math.max(0, length - patch);
  const starts = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  return starts.at(-1) === last ? starts : [...starts, last];
}

function placesOf(frame: number, band: number, frames: number, bands: number): number[] {
  const places: number[] = [];
  for (let f = frame; f < Math.min(frames, frame + PATCH.frames); f++)
    for (let b = band; b < Math.min(bands, band + PATCH.bands); b++) places.push(f * bands + b);
  return places;
}

function planeMeans(input: Float32Array, planes: number): Float32Array {
  const means = new Float64Array(planes);
  for (let i = 0; i < input.length; i++) means[i % planes]! += input[i]!;
  return Float32Array.from(means, (sum) => (sum * planes) / input.length);
}
