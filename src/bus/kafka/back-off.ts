import type { Clock } from '../../clock.js';

const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/** Pauses between tries, 0.2 s doubling to 5 s. After `stop` there are none, and the one that runs ends. */
export class BackOff {
  #stopped = false;
  readonly #endings = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  /** @param attempt tries made before, from 0. */
  async wait(attempt: number, atLeastMs = 0): Promise<void> {
    if (this.#stopped) return;
    const delayMs = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
    await this.#pause(Math.max(delayMs, atLeastMs));
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#endings) end();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#endings.delete(end);
        resolve();
      };
      const cancel = this.clock.setTimer(end, delayMs);
      this.#endings.add(end);
    });
  }
}

/** Waits for `work`, whatever comes of it, but not longer than `withinMs`; tells whether it ended. */
export function settledWithin(work: Promise<unknown>, withinMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(() => resolve(false), withinMs);
    const ended = (): void => {
      cancel();
      resolve(true);
    };
    work.then(ended, ended);
  });
}
