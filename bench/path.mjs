import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '../dist/audio/index.js';
import { bucketsBetween, bucketsOf, bucketQuantile as quantile, samplesOf } from '../dist/load/index.js';
import { benchSpeech } from './signal.mjs';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const STEP_SECONDS = 20;
const MAX_P99_SECONDS = 0.5;

/**
 * The whole path at real-time pacing: N Twilio feeds over WebSocket into a server that has one core, the feeding
 * client on another. N grows until the p99 from a window's last sample to its point passes 500 ms, or windows are
 * skipped.
 */
export async function benchPath({ calls: steps, bundleDir }) {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
  const recording = join(folder, 'speech.wav');
  writeFileSync(recording, encodeWav({ sampleRateHz: 8000, channels: [benchSpeech(STEP_SECONDS)] }, 'mulaw'));
  const server = await startServer(bundleDir);
  const results = [];
  try {
    for (const calls of steps) {
      const result = await playStep(server.url, recording, calls);
      results.push(result);
      console.error(JSON.stringify(result));
      if (result.p99Ms > MAX_P99_SECONDS * 1000 || result.skippedWindows > 0) break;
    }
  } finally {
    server.process.kill('SIGTERM');
    rmSync(folder, { recursive: true });
  }
  const carried = results.filter(
    ({ p99Ms, skippedWindows }) => p99Ms <= MAX_P99_SECONDS * 1000 && skippedWindows === 0,
  );
  return {
    pinned: canPin(),
    concurrentCallsPerCore: Math.max(0, ...carried.map(({ calls }) => calls)),
    steps: results,
  };
}

async function playStep(url, recording, calls) {
  const before = await scrape(url);
  const replay = [
    'replay',
    recording,
    '--feed',
    'twilio',
    '--url',
    url.replace('http', 'ws'),
    '--calls',
    String(calls),
  ];
  await finished(spawnOn(1, [...replay]));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = await scrape(url);
  const delays = bucketsBetween(before.delays, after.delays);
  return {
    calls,
    windows: delays.at(-1).count,
    p50Ms: ms(quantile(delays, 0.5)),
    p99Ms: ms(quantile(delays, 0.99)),
    skippedWindows: after.skipped - before.skipped,
    loopDelayP99Ms: ms(after.loopDelayP99),
  };
}

async function scrape(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const overload = samplesOf(text, 'undertone_windows_total').find(
    ({ labels }) => labels.outcome === 'overload',
  );
  const loop = samplesOf(text, 'undertone_event_loop_delay_seconds').find(
    ({ labels }) => labels.quantile === '0.99',
  );
  return {
    delays: bucketsOf(text, 'undertone_window_delay_seconds'),
    skipped: overload?.value ?? 0,
    loopDelayP99: loop.value,
  };
}

function startServer(bundleDir) {
  const settings = [
    'http.port=0',
    'model.threads=1',
    'gateway.maxStreams=5000',
    'gateway.maxStreamsPerTenant=5000',
    'log.level=error',
  ];
  if (bundleDir) settings.push(`model.bundle=${bundleDir}`);
  const child = spawnOn(0, ['start', ...settings.flatMap((setting) => ['--set', setting])]);
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    child.stdout.on('data', (chunk) => {
      const url = /listening: (\S+)/.exec(String(chunk))?.[1];
      if (url) resolve({ url, process: child });
    });
  });
}

/** The program on one core, where the machine can pin it. */
function spawnOn(core, args) {
  const command = canPin()
    ? ['taskset', '-c', String(core), process.execPath, CLI, ...args]
    : [process.execPath, CLI, ...args];
  return spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
}

const canPin = () => process.platform === 'linux' && availableParallelism() > 1;

function finished(child) {
  child.stdout.resume();
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`replay ended with ${code}`))));
  });
}

const ms = (seconds) => Math.round(seconds * 10_000) / 10;
