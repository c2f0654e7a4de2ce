import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Seeded randomness. A seed is text, so that every use names its own stream (`7/epoch/12`): what is drawn in one
 * place never shifts what is drawn in another, and work that is resumed draws what it would have drawn.
 */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: string) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32LE(0));
  }

  /** Uniform in [0, 1). */
  next(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }

  /** Beta(alpha, alpha) for 0 < alpha ≤ 1, by Jöhnk's method. */
  beta(alpha: number): number {
    for (;;) {
      const x = this.next() ** (1 / alpha);
      const y = this.next() ** (1 / alpha);
      if (x + y > 0 && x + y <= 1) return x / (x + y);
    }
  }
}
