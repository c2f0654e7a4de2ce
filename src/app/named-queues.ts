import { OTHER_QUEUE } from '../telemetry/index.js';

/** How metrics call the queue that a feed named: as it is where the configuration names it too, else by one name for all. */
export class NamedQueues {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  /** All values that the label may take. */
  get all(): readonly string[] {
    return [...this.#names, OTHER_QUEUE];
  }

  of(queue: string | undefined): string {
    return queue !== undefined && this.#names.has(queue) ? queue : OTHER_QUEUE;
  }
}
