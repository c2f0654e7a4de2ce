import { setTimeout as pause } from 'node:timers/promises';

const POINT = 'undertone.point.v1';
const POLL_MS = 20;

/** Reads points as a consumer that reads committed, and notes of each when it came and when the broker wrote it. */
export class PointReader {
  #consumer;
  /** Of each call the points in the order in which they came. */
  #calls = new Map();
  #points = 0;
  #firstAtMs = Number.POSITIVE_INFINITY;
  #lastAtMs = 0;

  static async start(stage, { emotions }) {
    const reader = new PointReader();
    const groupId = `reader-${emotions}-${Date.now()}`;
    reader.#consumer = stage.kafka.consumer({ groupId, maxWaitTimeInMs: 50, readUncommitted: false });
    await reader.#consumer.connect();
    await reader.#consumer.subscribe({ topic: emotions, fromBeginning: true });
    const joined = new Promise((resolve) => reader.#consumer.on('consumer.group_join', resolve));
    await reader.#consumer.run({ autoCommit: false, eachBatch: async ({ batch }) => reader.#take(batch) });
    await joined;
    return reader;
  }

  get points() {
    return this.#points;
  }

  /** Append times of the first and of the last point. */
  get writtenMs() {
    return { first: this.#firstAtMs, last: this.#lastAtMs };
  }

  /** @returns by call id `{ windowIndex, cameAtMs }` of its points, in the order of the log */
  get calls() {
    return this.#calls;
  }

  /** Calls whose points are not 0, 1, 2 … in the log, each once. */
  get disordered() {
    return [...this.#calls.values()].filter((points) =>
      points.some(({ windowIndex }, i) => windowIndex !== i),
    ).length;
  }

  /** Until so many points have come. */
  async has(points, limitMs) {
    const deadlineMs = Date.now() + limitMs;
    while (this.#points < points) {
      if (Date.now() > deadlineMs)
        throw new Error(`${this.#points} of ${points} points came in ${limitMs} ms`);
      await pause(POLL_MS);
    }
  }

  async stop() {
    await this.#consumer.disconnect();
  }

  #take({ messages }) {
    const cameAtMs = Date.now();
    for (const { key, headers, timestamp } of messages) {
      if (String(headers.ce_type) !== POINT) continue;
      const callId = String(key);
      const id = String(headers.ce_id);
      const windowIndex = Number(id.slice(id.lastIndexOf('/') + 1));
      if (!this.#calls.has(callId)) this.#calls.set(callId, []);
      this.#calls.get(callId).push({ windowIndex, cameAtMs });
      this.#points++;
      this.#firstAtMs = Math.min(this.#firstAtMs, Number(timestamp));
      this.#lastAtMs = Math.max(this.#lastAtMs, Number(timestamp));
    }
  }
}
