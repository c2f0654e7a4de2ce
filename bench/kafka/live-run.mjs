import { setTimeout as pause } from 'node:timers/promises';
import { samplesOf } from '../../dist/load/index.js';
import { CHUNK_MS } from './audio.mjs';
import { LiveFeed } from './live-feed.mjs';
import { lastChunkOf } from './model.mjs';
import { PointReader } from './point-reader.mjs';
import { quantile, rounded } from './sizes.mjs';
import { createRun } from './stage.mjs';
import { usageOf, Worker } from './worker.mjs';

/** A point that has not come by then counts as never. */
const GRACE_MS = 1000;

/** Workers on calls at real time, and a reader of what they write. */
export class LiveRun {
  #stage;
  #workers;
  #feed;
  #reader;

  static async start(stage, name, layout, settings) {
    const run = await createRun(stage, name, settings);
    const live = new LiveRun();
    live.#stage = stage;
    live.#workers = await Promise.all(layout.workers.map((cores) => Worker.start(run, cores)));
    try {
      live.#reader = await PointReader.start(stage, run);
      live.#feed = await LiveFeed.start(stage, run);
      return live;
    } catch (error) {
      await live.stop();
      throw error;
    }
  }

  /** Delays from the append of the chunk that completes a window to its point at the reader, with so many calls. */
  async measure(calls, settleMs, measureMs) {
    this.#feed.grow(calls);
    await pause(settleMs);
    const before = await this.#counts();
    this.#feed.takeLatestMs();
    await pause(measureMs);
    const after = await this.#counts();
    const fedLateMs = rounded(this.#feed.takeLatestMs());
    await pause(GRACE_MS);
    const delaysMs = [...this.#delays(before.atMs, after.atMs)];
    const seconds = (after.atMs - before.atMs) / 1000;
    const share = (part) => rounded((after[part] - before[part]) / seconds, 2);
    const lagMs = ({ unread }) => rounded((unread * CHUNK_MS) / calls);
    return {
      calls,
      windows: delaysMs.length,
      p50Ms: finite(quantile(delaysMs, 0.5)),
      p99Ms: finite(quantile(delaysMs, 0.99)),
      maxMs: finite(Math.max(...delaysMs)),
      neverCame: delaysMs.filter((delay) => delay === Number.POSITIVE_INFINITY).length,
      fedLateMs,
      lagMs: lagMs(after),
      lagGrewMs: lagMs(after) - lagMs(before),
      commitsPerSecond: rounded((after.commits - before.commits) / seconds),
      workerCores: share('workers'),
      brokerCores: share('broker'),
      feederCores: share('feeder'),
    };
  }

  async stop() {
    await this.#feed?.stop();
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.#reader?.stop();
  }

  async #counts() {
    const taken = await Promise.all(this.#workers.map((worker) => worker.chunks()));
    const texts = await Promise.all(this.#workers.map((worker) => worker.metrics()));
    const commits = texts.flatMap((text) => samplesOf(text, 'undertone_kafka_commit_seconds_count'));
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return {
      atMs: Date.now(),
      unread: this.#feed.sent - sum(taken),
      commits: sum(commits.map(({ value }) => value)),
      workers: sum(this.#workers.map(({ usage }) => usage.cpuSeconds)),
      broker: usageOf(this.#stage.broker.pid).cpuSeconds,
      feeder: usageOf(process.pid).cpuSeconds,
    };
  }

  *#delays(fromMs, toMs) {
    for (const { callId, appendedMs } of this.#feed.calls) {
      const came = new Map(
        (this.#reader.calls.get(callId) ?? []).map((point) => [point.windowIndex, point.cameAtMs]),
      );
      for (let index = 0; lastChunkOf(index) < appendedMs.length; index++) {
        const sinceMs = appendedMs[lastChunkOf(index)];
        if (sinceMs >= fromMs && sinceMs < toMs)
          yield (came.get(index) ?? Number.POSITIVE_INFINITY) - sinceMs;
      }
    }
  }
}

const finite = (value) => (Number.isFinite(value) ? value : null);
