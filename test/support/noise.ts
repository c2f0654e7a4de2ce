import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Reproducible noise between −2 and 2, about what a standardised window holds. */
export function noise(length: number, seed: number): Float32Array {
  const generator = xoroshiro128plus(seed);
  return Float32Array.from({ length }, () => 4 * uniformFloat64(generator) - 2);
}
