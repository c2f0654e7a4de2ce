import { setTimeout as pause } from 'node:timers/promises';
import { BenchCall, CHUNK_MS } from './audio.mjs';

const TICK_MS = 10;
/** What a request may hold has a bound, also where the feed has to catch up. */
const MAX_CHUNKS_A_SEND = 1000;

/** Calls at real time, as a gateway would write them. Their chunks are spread evenly over the time of a chunk. */
export class LiveFeed {
  #producer;
  #topic;
  #calls = [];
  #sent = 0;
  #latestMs = 0;
  #running = true;
  #ended;

  static async start(stage, { audio }) {
    const feed = new LiveFeed();
    feed.#topic = audio;
    const createPartitioner =
      () =>
      ({ message }) =>
        message.partition;
    feed.#producer = stage.kafka.producer({ maxInFlightRequests: 1, createPartitioner });
    await feed.#producer.connect();
    feed.#ended = feed.#loop();
    return feed;
  }

  /** Chunks that the broker has. */
  get sent() {
    return this.#sent;
  }

  /** How late a chunk was written, at most, since this was asked last. */
  takeLatestMs() {
    const latestMs = this.#latestMs;
    this.#latestMs = 0;
    return latestMs;
  }

  /** By call: its id, and the broker's append time of each chunk. */
  get calls() {
    return this.#calls;
  }

  /** So many calls from now on; those that there are go on. */
  grow(count) {
    const nowMs = performance.now();
    for (let index = this.#calls.length; index < count; index++) {
      const phaseMs = (index * 0.618 * CHUNK_MS) % CHUNK_MS;
      const call = new BenchCall(index);
      const callId = call.callId;
      this.#calls.push({ callId, call, begun: false, beganMs: nowMs + phaseMs, appendedMs: [] });
    }
  }

  async stop() {
    this.#running = false;
    await this.#ended;
    await this.#producer.disconnect();
  }

  async #loop() {
    for (let dueMs = performance.now(); this.#running; dueMs += TICK_MS) {
      await this.#send(performance.now());
      await pause(Math.max(0, dueMs + TICK_MS - performance.now()));
    }
  }

  async #send(nowMs) {
    const messages = [];
    const notes = [];
    for (const one of this.#calls) {
      if (!one.begun && nowMs >= one.beganMs) {
        one.begun = true;
        messages.push(one.call.started());
      }
      const due = Math.floor((nowMs - one.beganMs) / CHUNK_MS);
      while (one.call.chunks < due && notes.length < MAX_CHUNKS_A_SEND) {
        notes.push({ one, seq: one.call.chunks, partition: one.call.partition });
        messages.push(one.call.chunk());
      }
    }
    if (messages.length === 0) return;
    const answers = await this.#producer.send({ topic: this.#topic, messages, acks: -1 });
    const times = new Map(answers.map(({ partition, logAppendTime }) => [partition, Number(logAppendTime)]));
    const writtenMs = performance.now();
    for (const { one, seq, partition } of notes) {
      one.appendedMs[seq] = times.get(partition);
      const dueMs = one.beganMs + (seq + 1) * CHUNK_MS;
      this.#latestMs = Math.max(this.#latestMs, writtenMs - dueMs);
    }
    this.#sent += notes.length;
  }
}
