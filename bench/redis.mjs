import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../dist/clock.js';
import { configSchema } from '../dist/config/index.js';
import { RedisPublisher, SILENT_REDIS_OBSERVER } from '../dist/sink/index.js';

const POINTS = 200_000;
const PACED_POINTS_PER_SECOND = 20_000;
const PACED_SECONDS = 5;
/** Results told in one go, as one commit tells them. */
const SLICE = 200;
/** Points between two summaries of a call: 2 s of media time. */
const SUMMARY_EVERY = 4;
const QUEUE = 10_000;

/**
 * Publishing through a local Redis: points with their latest states, and a summary after every fourth, as fast as it
 * goes and at 20,000 points/s. The server runs on another core where the machine has one.
 */
export async function benchRedis() {
  const server = await startServer();
  try {
    return {
      fewCalls: await saturated(server.port, 100),
      manyCalls: await saturated(server.port, 10_000),
      paced: await paced(server.port, 10_000),
    };
  } finally {
    server.process.kill('SIGKILL');
  }
}

async function saturated(port, calls) {
  const bench = await startPublisher(port);
  const began = { cpu: process.cpuUsage(), at: performance.now() };
  for (let told = 0; told < POINTS; told += SLICE) {
    tellSlice(bench.publisher, told, calls);
    do await immediate();
    while (bench.waiting() > QUEUE / 2);
  }
  while (bench.waiting() > 0) await immediate();
  const seconds = (performance.now() - began.at) / 1000;
  const result = summaryOf(bench, began.cpu, POINTS, seconds);
  await bench.publisher.close(1000);
  return { calls, ...result };
}

async function paced(port, calls) {
  const bench = await startPublisher(port);
  const began = { cpu: process.cpuUsage(), at: performance.now() };
  const points = PACED_POINTS_PER_SECOND * PACED_SECONDS;
  for (let told = 0; told < points; told += SLICE) {
    tellSlice(bench.publisher, told, calls);
    const dueMs = began.at + ((told + SLICE) / PACED_POINTS_PER_SECOND) * 1000;
    do await pause(1);
    while (performance.now() < dueMs);
  }
  const seconds = (performance.now() - began.at) / 1000;
  const result = summaryOf(bench, began.cpu, points, seconds);
  await bench.publisher.close(1000);
  return { calls, ...result, p99DelayMs: quantile(bench.delaysMs, 0.99) };
}

function summaryOf({ counts }, cpuBefore, points, seconds) {
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    pointsPerSecond: Math.round(points / seconds),
    pointsPerCpuSecond: Math.round(points / ((user + system) / 1e6)),
    messages: counts.published,
    stateWrites: counts.states,
    dropped: counts.dropped,
  };
}

async function startPublisher(port) {
  const counts = { published: 0, states: 0, dropped: 0, told: 0 };
  const delaysMs = [];
  let queued = 0;
  let up;
  const isUp = new Promise((resolve) => {
    up = resolve;
  });
  const observer = {
    ...SILENT_REDIS_OBSERVER,
    connectionChanged: up,
    published: () => counts.published++,
    dropped: () => counts.dropped++,
    stateWritten: () => counts.states++,
    batchDone: (delayMs) => delaysMs.push(delayMs),
    usage: (publications) => {
      queued = publications;
    },
  };
  const { redis } = configSchema.parse({ redis: { enabled: true, port, maxQueuedPublications: 2 * QUEUE } });
  const publisher = new RedisPublisher(redis, { clock: systemClock, observer });
  await publisher.start();
  await isUp;
  return { publisher, counts, delaysMs, waiting: () => queued };
}

function tellSlice(publisher, from, calls) {
  for (let i = from; i < from + SLICE; i++) {
    const callId = `call-${i % calls}`;
    const windowIndex = Math.floor(i / calls);
    publisher.point(pointOf(callId, windowIndex));
    if (windowIndex % SUMMARY_EVERY === 0) publisher.summary(summaryOfCall(callId));
  }
}

const AT = '2026-01-01T00:00:00.000Z';
const MODEL = 'vgg16-quarter-0123456789ab';

function pointOf(callId, windowIndex) {
  return {
    callId,
    tenant: 'acme',
    leg: 'customer',
    windowIndex,
    startMs: windowIndex * 512,
    endMs: windowIndex * 512 + 2048,
    status: 'classified',
    label: 'neutral',
    confidence: 0.7013,
    probabilities: {
      angry: 0.0412,
      disgust: 0.0321,
      fear: 0.0512,
      happy: 0.0913,
      neutral: 0.7013,
      sad: 0.0412,
      surprise: 0.0417,
    },
    valence: 0.0313,
    arousal: -0.0412,
    loudnessDbfs: -21.43,
    voicedShare: 0.8125,
    model: MODEL,
    notice: 'given',
    emittedAt: AT,
  };
}

const SEGMENTS = Array.from({ length: 20 }, (_, i) => ({
  leg: 'customer',
  label: 'neutral',
  startMs: i * 4096,
  endMs: (i + 1) * 4096,
}));

function summaryOfCall(callId) {
  const leg = {
    mediaMs: 81920,
    lostMs: 0,
    pausedMs: 0,
    voicedMs: 40960,
    talkShare: 0.5,
    windows: 120,
    silentWindows: 36,
    missedWindows: 0,
    labelShare: { neutral: 0.8, angry: 0.1, happy: 0.1 },
    meanValence: 0.0312,
    meanArousal: -0.0412,
  };
  return {
    callId,
    tenant: 'acme',
    state: 'live',
    feed: 'twilio',
    queue: 'billing',
    notice: 'given',
    model: MODEL,
    durationMs: 81920,
    legs: { customer: leg, agent: leg },
    silenceMs: 8000,
    overlapMs: 1200,
    interruptions: 2,
    segments: SEGMENTS,
    alertsRaised: 1,
    startedAt: AT,
  };
}

async function startServer() {
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const command = ['redis-server', ...settings];
  const pinned =
    process.platform === 'linux' && availableParallelism() > 1 ? ['taskset', '-c', '1', ...command] : command;
  const child = spawn(pinned[0], pinned.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const [chunk] of linesOf(child)) if (chunk.includes('Ready to accept')) break;
  child.stdout.resume();
  return { port, process: child };
}

async function* linesOf(child) {
  child.once('error', () => child.stdout.destroy());
  for (;;) yield (await once(child.stdout, 'data')).map(String);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const immediate = () => new Promise((resolve) => setImmediate(resolve));

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)] * 10) / 10;
}
