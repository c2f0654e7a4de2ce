import { DEFAULT_FRONT_END, type FrontEnd, inputShapeOf } from '../../src/features/index.js';
import {
  EMOTIONS,
  filtersAt,
  type NewBundle,
  type Vgg16Architecture,
  writeBundle,
} from '../../src/inference/index.js';
import { randomVgg16 } from './random-vgg16.js';

/** The architecture of the test bundle: 1/16 width, so that a window costs well under a millisecond. */
export function testArchitecture(frontEnd: FrontEnd = DEFAULT_FRONT_END): Vgg16Architecture {
  return {
    inputShape: inputShapeOf(frontEnd),
    filters: filtersAt(1 / 16),
    batchNorm: true,
    head: { pooling: 'average', dense: [], dropout: 0.2 },
    classes: EMOTIONS.length,
  };
}

/** A bundle with random weights: valid in every respect, its probabilities mean nothing. */
export function testBundle(seed = 1, frontEnd: FrontEnd = DEFAULT_FRONT_END): NewBundle {
  return {
    name: 'test',
    createdAt: '2026-01-01T00:00:00Z',
    labels: [...EMOTIONS],
    frontEnd,
    calibration: { temperature: 1 },
    thresholds: { uncertain: 0.4 },
    model: randomVgg16(testArchitecture(frontEnd), seed),
    training: { weights: 'random', seed },
  };
}

/**
 * Writes {@link testBundle}.
 *
 * @returns the modelId.
 */
export function writeTestBundle(directory: string, seed?: number, frontEnd?: FrontEnd): Promise<string> {
  return writeBundle(directory, testBundle(seed, frontEnd));
}
