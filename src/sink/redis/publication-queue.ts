import type { Publication } from './publication.js';

/**
 * Publications that wait for Redis, in two lanes: alerts go first. Always holds: no lane is longer than its bound; what is
 * lost to it is the oldest, because live readers want the newest.
 */
export class PublicationQueue {
  readonly #alerts: Lane;
  readonly #others: Lane;

  /** @param maxLength of each lane */
  constructor(maxLength: number) {
    this.#alerts = new Lane(maxLength);
    this.#others = new Lane(maxLength);
  }

  get length(): number {
    return this.#alerts.length + this.#others.length;
  }

  /** @returns what had to go to make room */
  push(publication: Publication): Publication | undefined {
    const lane = publication.told.kind === 'alert' ? this.#alerts : this.#others;
    return lane.push(publication);
  }

  take(max: number): Publication[] {
    const alerts = this.#alerts.take(max);
    return [...alerts, ...this.#others.take(max - alerts.length)];
  }

  /** Takes out what is queued about a call. */
  remove(callId: string): void {
    for (const lane of [this.#alerts, this.#others]) lane.keep((item) => item.callId !== callId);
  }
}

/** First in, first out; the items before `#head` are gone. */
class Lane {
  readonly #maxLength: number;
  #items: Publication[] = [];
  #head = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Publication): Publication | undefined {
    this.#items.push(item);
    return this.length > this.#maxLength ? this.take(1)[0] : undefined;
  }

  take(max: number): Publication[] {
    const taken = this.#items.slice(this.#head, this.#head + max);
    this.#head += taken.length;
    // Cutting the array costs as much as it is long, so not before half of it has gone.
    if (this.#head * 2 >= this.#items.length) this.keep(() => true);
    return taken;
  }

  keep(wanted: (item: Publication) => boolean): void {
    this.#items = this.#items.slice(this.#head).filter(wanted);
    this.#head = 0;
  }
}
