import { setMaxListeners } from 'node:events';
import { systemClock as clock } from '../clock.js';
import { newCallIdPrefix, Sender } from '../replay/index.js';
import { playLanes } from './lanes.js';
import { Ledger } from './ledger.js';
import type { LoadOptions, LoadProgress } from './options.js';
import { PlayerWatch } from './player-watch.js';
import { type LoadReport, reportOf } from './report.js';
import { ConsoleStream } from './results/console-stream.js';
import type { OnResult, ResultStream } from './results/result-stream.js';
import { TopicStream } from './results/topic-stream.js';
import { readServer, type ServerReading } from './servers.js';

const POLL_MS = 250;

/**
 * Plays calls in real time into an installation and watches what comes back.
 *
 * @throws UT_AUDIO_…, UT_CLI_LEGS, UT_CLI_REPLAY_OPTION, UT_LOAD_RESULTS, UT_KAFKA_… before the first call
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const sender = await Sender.load({ ...options, clock });
  const startedAt = new Date().toISOString();
  const watch = new PlayerWatch();
  const ledger = new Ledger(clock.nowMs(), expectedLegs(options), options.graceMs);
  let points = 0;
  const stream = resultStream(options, (result, seenAtMs) => {
    points++;
    ledger.take(result, seenAtMs);
  });
  await stream.start();
  try {
    const { outcome, ...measured } = await play(options, { sender, ledger, watch }, () => points);
    const interruptions = stream.interruptions;
    return reportOf({ options, startedAt, outcome, ledger, interruptions, place: stream.place, ...measured });
  } finally {
    watch.stop();
    await stream.close();
  }
}

function resultStream({ results }: LoadOptions, onResult: OnResult): ResultStream {
  if (results.kind === 'kafka') return new TopicStream(results.config, onResult);
  return new ConsoleStream(results.origin, results.token, onResult);
}

/** The agent is analysed only where its tenant has declared it: then its windows count as well, otherwise none come. */
function expectedLegs({ legs = ['customer'] }: LoadOptions): readonly string[] {
  return legs.filter((leg) => leg !== 'agent');
}

interface Parts {
  readonly sender: Sender;
  readonly ledger: Ledger;
  readonly watch: PlayerWatch;
}

async function play(options: LoadOptions, parts: Parts, points: () => number) {
  const { sender, ledger } = parts;
  const stop = new AbortController();
  // Every call listens.
  setMaxListeners(0, stop.signal);
  options.signal?.addEventListener('abort', () => stop.abort(), { once: true });
  const prefix = newCallIdPrefix('load');
  const { calls, rampMs } = options;
  const startMs = clock.nowMs();
  const tell = (phase: LoadProgress['phase']): void =>
    options.onProgress?.({ phase, calls, elapsedMs: clock.nowMs() - startMs, points: points() });
  const settling = setInterval(() => void ledger.settle(clock.nowMs()), POLL_MS);
  const lanes = playLanes({ calls, rampMs, prefix, signal: stop.signal }, { sender, ledger, clock });
  await waitFor(rampMs, stop.signal, () => tell('ramp'));
  const steadyFromSecond = Math.ceil((clock.nowMs() - startMs) / 1000);
  const steady = await measureSteady(options, parts, stop.signal, () => tell('steady'));
  stop.abort();
  const outcome = await lanes;
  clearInterval(settling);
  await settled(ledger, () => tell('settling'));
  return { ...steady, outcome, steadyFromSecond };
}

/** The time in which all calls are played. */
async function measureSteady(
  { metrics, durationMs }: LoadOptions,
  { ledger, watch }: Parts,
  signal: AbortSignal,
  tick: () => void,
) {
  const before = await readAll(metrics);
  watch.start();
  const [fromMs, fromAudioMs] = [clock.nowMs(), ledger.audioMs];
  await waitFor(durationMs, signal, tick);
  const seconds = (clock.nowMs() - fromMs) / 1000;
  const carriedCalls = (ledger.audioMs - fromAudioMs) / 1000 / seconds;
  const player = watch.figures();
  return { before, after: await readAll(metrics), seconds, carriedCalls, player };
}

function readAll(urls: readonly string[]): Promise<readonly (ServerReading | null)[]> {
  return Promise.all(urls.map((url) => readServer(url)));
}

/** Ends with the time, or with the signal. */
async function waitFor(ms: number, signal: AbortSignal, tick: () => void): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  for (let restMs = ms; restMs > 0 && !signal.aborted; restMs = untilMs - clock.nowMs()) {
    tick();
    await pause(Math.min(restMs, POLL_MS));
  }
}

/** Every call is settled at the latest when its grace is over. */
async function settled(ledger: Ledger, tick: () => void): Promise<void> {
  while (ledger.settle(clock.nowMs()) > 0) {
    tick();
    await pause(POLL_MS);
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
