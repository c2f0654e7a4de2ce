import { setTimeout as pause } from 'node:timers/promises';
import { layoutOf } from './cores.mjs';
import { modelWith, windowsIn } from './model.mjs';
import { PointReader } from './point-reader.mjs';
import { prepareLog } from './prepared-log.mjs';
import { rounded } from './sizes.mjs';
import { createRun } from './stage.mjs';
import { usageOf, Worker } from './worker.mjs';

const SAMPLE_MS = 500;
const READ_LIMIT_MS = 60_000;
/** Without a step forward for so long, the run has failed. */
const STALLED_AFTER_MS = 20_000;

/** A broker is slow in its first seconds, until its code has been compiled. */
export async function warmUp(stage) {
  await workOff(stage, 'warm-up', layoutOf(1), { chunks: 20_000, calls: 40 }, {});
}

/**
 * Lets workers, which have joined and wait, work off a log that comes to be visible at once.
 *
 * @param layout a core list for each worker
 * @param settings sections of the configuration
 * @returns figures, samples over time, and the run with its log, which stays
 */
export async function workOff(stage, name, layout, size, settings) {
  const run = await createRun(stage, name, { ...settings, model: modelWith('drop') });
  const [log, workers] = await Promise.all([
    prepareLog(stage, run, size),
    Promise.all(layout.workers.map((cores) => Worker.start(run, cores))),
  ]);
  try {
    const before = usagesOf(stage, workers);
    const beganMs = Date.now();
    await log.open();
    const samples = await sampleUntilDone(workers, log.chunks, beganMs);
    const after = usagesOf(stage, workers);
    const results = await readResults(stage, run, log);
    const seconds = (results.lastCommitMs - beganMs) / 1000;
    const perMillion = (cpuSeconds) => rounded((cpuSeconds * 1e6) / log.chunks, 1);
    const figures = {
      chunks: log.chunks,
      seconds: rounded(seconds, 2),
      chunksPerSecond: rounded(log.chunks / seconds),
      chunksPerSecondLater: rounded(paceAfter(samples, log.chunks / 2, results.lastCommitMs - beganMs)),
      workerCpuSecondsPerMillion: perMillion(after.workers - before.workers),
      brokerCpuSecondsPerMillion: perMillion(after.broker - before.broker),
      points: results.points,
      disorderedCalls: results.disorderedCalls,
    };
    return { figures, samples, run, log };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

function usagesOf({ broker }, workers) {
  return {
    workers: workers.reduce((sum, { usage }) => sum + usage.cpuSeconds, 0),
    broker: usageOf(broker.pid).cpuSeconds,
  };
}

/** Chunks taken up and memory, twice a second, until all have been taken up. */
async function sampleUntilDone(workers, chunks, beganMs) {
  const samples = [];
  let movedAtMs = beganMs;
  for (let done = 0; done < chunks; ) {
    await pause(SAMPLE_MS);
    const counts = await Promise.all(workers.map((worker) => worker.chunks()));
    const sum = counts.reduce((total, count) => total + count, 0);
    const atMs = Date.now();
    if (sum > done) movedAtMs = atMs;
    if (atMs - movedAtMs > STALLED_AFTER_MS)
      throw new Error(`the workers stand still at ${sum} of ${chunks} chunks`);
    done = sum;
    const rssBytes = workers.map(({ usage }) => usage.rssBytes);
    samples.push({ seconds: (atMs - beganMs) / 1000, chunks: done, rssBytes });
  }
  return samples;
}

/** Chunks per second from the first sample behind so many chunks to the last commit: the code is compiled then. */
function paceAfter(samples, chunks, endMs) {
  const from = samples.find((sample) => sample.chunks >= chunks);
  return (samples.at(-1).chunks - from.chunks) / (endMs / 1000 - from.seconds);
}

async function readResults(stage, run, { calls, chunksACall }) {
  const expected = calls * windowsIn(chunksACall);
  const reader = await PointReader.start(stage, run);
  try {
    await reader.has(expected, READ_LIMIT_MS);
    return {
      points: reader.points,
      disorderedCalls: reader.disordered,
      lastCommitMs: reader.writtenMs.last,
    };
  } finally {
    await reader.stop();
  }
}
