/**
 * How a picture gets another size; pixel centres lie half a pixel inside everywhere.
 * `bilinear`: between the two nearest pixels of each axis (`tf.image.resize`, `cv2.INTER_LINEAR`).
 * `bilinear-antialias`: the same, widened when a picture shrinks so that every pixel counts (PIL's `BILINEAR`,
 * `tf.image.resize(antialias=True)`); on bytes each axis is rounded, as PIL does.
 * `nearest`: the pixel at ⌊(i + ½) · scale⌋ (PIL's `NEAREST`, `tf.image.resize(method="nearest")`).
 */
export type ResizeMethod = 'bilinear' | 'bilinear-antialias' | 'nearest';

/** What one pixel of an axis is made of: `weights` of the pixels from `first` on; they add up to 1. */
interface Tap {
  readonly first: number;
  readonly weights: Float64Array;
}

type Size = readonly [rows: number, columns: number];

/** Resizes planes of one size to another, columns first, then rows. Nothing is allocated once it is constructed. */
export class Resize {
  readonly #from: Size;
  readonly #to: Size;
  readonly #isRounded: boolean;
  readonly #columns: readonly Tap[];
  readonly #rows: readonly Tap[];
  /** [rows before × columns after] */
  readonly #between: Float32Array;

  /** @param isBytes values are whole numbers */
  constructor(method: ResizeMethod, from: Size, to: Size, isBytes: boolean) {
    this.#from = from;
    this.#to = to;
    this.#isRounded = isBytes && method === 'bilinear-antialias';
    this.#rows = tapsOf(method, from[0], to[0]).map((tap) => (this.#isRounded ? fixedPoint(tap) : tap));
    this.#columns = tapsOf(method, from[1], to[1]).map((tap) => (this.#isRounded ? fixedPoint(tap) : tap));
    this.#between = new Float32Array(from[0] * to[1]);
  }

  /** @param plane Float32 [rows × columns] before; @param out the same after, overwritten */
  apply(plane: Float32Array, out: Float32Array): void {
    const [rowsBefore, columnsBefore] = this.#from;
    const [, columns] = this.#to;
    for (let row = 0; row < rowsBefore; row++) {
      for (let column = 0; column < columns; column++) {
        const value = sum(plane, row * columnsBefore, 1, this.#columns[column]!);
        this.#between[row * columns + column] = this.#isRounded ? Math.round(value) : value;
      }
    }
    this.#rows.forEach((tap, row) => {
      for (let column = 0; column < columns; column++) {
        const value = sum(this.#between, column, columns, tap);
        out[row * columns + column] = this.#isRounded ? Math.round(value) : value;
      }
    });
  }
}

function sum(values: Float32Array, offset: number, step: number, { first, weights }: Tap): number {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]! * values[offset + (first + k) * step]!;
  return total;
}

/** PIL counts in 2⁻²²; that decides on which side of a half a sum falls (Pillow, src/libImaging/Resample.c). */
function fixedPoint({ first, weights }: Tap): Tap {
  return { first, weights: weights.map((weight) => Math.floor(weight * 2 ** 22 + 0.5) / 2 ** 22) };
}

function tapsOf(method: ResizeMethod, from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, index) => {
    const centre = ((index + 0.5) * from) / to;
    if (method === 'nearest')
      return { first: Math.min(from - 1, Math.floor(centre)), weights: Float64Array.of(1) };
    return triangle(centre, method === 'bilinear-antialias' ? Math.max(1, from / to) : 1, from);
  });
}

/** Pixels under a triangle of half-width `reach` around `centre`; what it loses beyond the edge goes to the others. */
function triangle(centre: number, reach: number, length: number): Tap {
  const first = Math.max(0, Math.floor(centre - reach + 0.5));
  const end = Math.min(length, Math.floor(centre + reach + 0.5));
  const heights = Float64Array.from({ length: end - first }, (_, k) =>
    Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach),
  );
  const area = heights.reduce((total, height) => total + height, 0);
  return { first, weights: heights.map((height) => height / area) };
}
