import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FRONT_END,
  type FrontEnd,
  inputLengthOf,
  type Picture,
  toModelInput,
} from '../../src/features/index.js';
import { GOLDEN_FOLDER, worstError } from './golden-file.js';

interface Case {
  readonly name: string;
  readonly normalization: FrontEnd['normalization'];
  readonly picture: Picture;
  /** [height × width × channels] */
  readonly values: readonly number[];
}

interface PictureFile {
  readonly frames: number;
  readonly bands: number;
  /** [frames × bands] */
  readonly db: readonly number[];
  readonly cases: readonly Case[];
}

const golden = JSON.parse(readFileSync(new URL('pictures.json', GOLDEN_FOLDER), 'utf8')) as PictureFile;

/** Of full scale, the range of the reference values. */
const TOLERANCE = 1e-4;

describe("pictures against notebooks' libraries", () => {
  it.each(golden.cases.map((one) => [one.name, one] as const))(
    '%s',
    (_, { normalization, picture, values }) => {
      const frontEnd: FrontEnd = {
        ...DEFAULT_FRONT_END,
        dbReference: { kind: 'max' },
        topDb: 80,
        windowFrames: golden.frames,
        nMels: golden.bands,
        normalization,
        picture,
      };
      const out = new Float32Array(inputLengthOf(frontEnd));
      toModelInput(frontEnd, Float32Array.from(golden.db), out);
      expect(out.length).toBe(values.length);
      expect(worstError(out, values)).toBeLessThan(TOLERANCE);
    },
  );
});
