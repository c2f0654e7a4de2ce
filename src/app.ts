import { collectDefaultMetrics, Registry } from 'prom-client';
import { createCallsObserver, createObservers } from './app/app-observers.js';
import { busPart, createBus, startPatiently } from './app/buses.js';
import { deadLetter } from './app/dead-letters.js';
import { createDemoPlayer } from './app/demo-player.js';
import { createModels } from './app/models/create-models.js';
import type { Models } from './app/models/models.js';
import { NamedQueues } from './app/named-queues.js';
import { consoleOptionsOf, feedAuthOf, gatewayOptionsOf, workerOptionsOf } from './app/options.js';
import { packageVersion } from './app/package-version.js';
import { closeParts, type Part, startParts } from './app/parts.js';
import { beginAtZero } from './app/series-at-zero.js';
import { tellAll } from './app/tell-all.js';
import { createTraces, type Traces } from './app/traces/create-traces.js';
import { WebServer } from './app/web-server.js';
import type { Bus } from './bus/index.js';
import { CallWorker } from './calls/index.js';
import { systemClock as clock } from './clock.js';
import type { Config, ModelConfig } from './config/index.js';
import { createConsole } from './console/index.js';
import { decodeAudioRecord, FeedServer, Gateway } from './ingest/index.js';
import { RedisPublisher } from './sink/index.js';
import {
  ClockWatch,
  createEventLog,
  createMetrics,
  type EventLog,
  Health,
  type Logger,
  type Metrics,
  type PartName,
} from './telemetry/index.js';

export interface App {
  /** @returns the address of the console */
  start(): Promise<{ readonly url: string }>;
  /** A start that waits for servers gives up and rejects. */
  stopWaiting(): void;
  /**
   * Gives the calls that begin from then on the model that a section `model` names; those under way keep theirs.
   * @throws where it can't be had; then everything stays as it was
   */
  changeModel(section: ModelConfig): Promise<void>;
  /** Takes nothing more in, works off what was, and closes the parts in reverse order. */
  close(deadlineMs: number): Promise<void>;
}

export interface AppDeps {
  readonly logger: Logger;
  /** Lines of its log that could not be written so far. Default: none ever. */
  readonly logLinesLost?: () => number;
  /** Told when the process can't keep its promises any more. Default: the error is thrown where nobody catches it. */
  readonly onFatal?: (error: unknown) => void;
}

/** The whole product: its parts in the order of the path, each built from the ones before. */
export function createApp(config: Config, deps: AppDeps): App {
  const { logger } = deps;
  let parts: readonly Part[] = [];
  let models: Models | null = null;
  let events = createEventLog(logger);
  const waiting = new AbortController();
  return {
    async start() {
      const built = await buildParts(config, deps, waiting.signal);
      events = built.events;
      await startParts(built.parts);
      parts = built.parts;
      models = built.models;
      return { url: built.web.url };
    },
    stopWaiting: () => waiting.abort(),
    async changeModel(section) {
      if (models === null) events.report('no-model-here');
      else await models.change(section);
    },
    close: (deadlineMs) =>
      closeParts(parts, deadlineMs, (part, err) => events.report('part-did-not-close', { part, err })),
  };
}

/** What the parts of every role share. */
interface Common {
  readonly config: Config;
  readonly events: EventLog;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly observers: ReturnType<typeof createObservers>;
  readonly bus: Bus;
  readonly web: WebServer;
  /** Null where they are switched off. */
  readonly traces: Traces | null;
  readonly onFatal: (error: unknown) => void;
  /** Aborted: what waits for something outside gives up. */
  readonly waiting: AbortSignal;
}

async function buildParts(
  config: Config,
  { logger, logLinesLost = () => 0, onFatal = throwAside }: AppDeps,
  waiting: AbortSignal,
): Promise<{ web: WebServer; models: Models | null; events: EventLog; parts: readonly Part[] }> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = createMetrics(registry);
  const events = createEventLog(logger, metrics);
  const queues = new NamedQueues(config.telemetry.queues);
  beginAtZero(metrics, config.alerts.rules, queues);
  const health = new Health({ nowMs: () => clock.nowMs(), stalledAfterMs: config.health.stalledAfterMs });
  const observers = createObservers(metrics, queues, events);
  metrics.build.set({ version: packageVersion(), model: '' }, 1);
  const traces = await createTraces(config, metrics, events);
  const { bus, usage } = await createBus(config, observers);
  let models: Models | null = null;
  const web = new WebServer(config.http, health, registry, metrics, () => ({
    bus: usage(),
    queuedWindows: models?.queueDepth ?? 0,
    threads: models?.threads ?? 0,
    logLinesLost: logLinesLost(),
  }));
  const common = { config, events, metrics, health, observers, bus, web, traces, onFatal, waiting };
  const has = (role: Config['roles'][number]) => config.roles.includes(role);
  const worker = has('worker') ? await workerParts(common) : null;
  models = worker?.models ?? null;
  return {
    web,
    models,
    events,
    parts: [
      ...(traces === null ? [] : [traces.part]),
      clockWatchPart(metrics, events),
      { name: 'web server', start: () => web.start(), close: (deadlineMs) => web.close(deadlineMs) },
      busPart(bus, events, waiting),
      ...(has('console') ? [consolePart(common), readyPart('console', health)] : []),
      ...(worker?.parts ?? []),
      ...(has('gateway') ? gatewayParts(common) : []),
    ],
  };
}

function clockWatchPart(metrics: Metrics, events: EventLog): Part {
  const watch = new ClockWatch({
    clock,
    wallMs: Date.now,
    onLook: (offsetMs) => metrics.clockOffset.set(offsetMs / 1000),
    onSet: (byMs, offsetMs) =>
      events.report('clock-set', { byMs: Math.round(byMs), offsetMs: Math.round(offsetMs) }),
  });
  return { name: 'clock watch', start: async () => watch.start(), close: async () => watch.stop() };
}

function consolePart({ config, bus, web, observers, metrics, events, waiting }: Common): Part {
  if (config.console.source === 'redis') metrics.consoleSourceUp.set(0);
  const deps = { bus, http: web.http, clock, observer: observers.console };
  const { start, close } = createConsole({ ...consoleOptionsOf(config), ...deps });
  return { name: 'console', start: () => startPatiently('console', start, events, waiting), close };
}

/** Models and call worker. */
async function workerParts(common: Common): Promise<{ models: Models; parts: readonly Part[] }> {
  const { config, bus, observers, metrics, health, events, onFatal, waiting } = common;
  const traces = common.traces?.worker;
  if (config.redis.enabled) metrics.redisUp.set(0);
  const redis = config.redis.enabled
    ? [
        new RedisPublisher(config.redis, {
          clock,
          observer: traces?.redis(observers.redis) ?? observers.redis,
        }),
      ]
    : [];
  const models = await createModels(config, metrics, events, {
    results: tellAll([observers.results, ...(traces === undefined ? [] : [traces.results]), ...redis]),
    traces,
    inference: observers.inference,
    inUse: () => worker.partsInUse(),
  });
  const onReleased = (callIds: readonly string[]) => {
    for (const callId of callIds) observers.labels.forget(callId);
    for (const publisher of redis) for (const callId of callIds) publisher.released(callId);
  };
  const onBatchDone = () => models.retire();
  const deadLetters = config.bus.topics.deadLetters.name;
  const worker = new CallWorker(workerOptionsOf(config), {
    bus,
    models,
    decode: traces?.decoder(decodeAudioRecord) ?? decodeAudioRecord,
    deadLetter: (record, error) => deadLetter(deadLetters, record, error),
    clock,
    observer: createCallsObserver(
      { topic: config.bus.topics.audio.name, onReleased, onBatchDone, onFatal },
      metrics,
      health.part('worker'),
      events,
    ),
  });
  return {
    models,
    parts: [
      { name: 'model', start: () => models.start(), close: () => models.close() },
      ...redis.map((publisher) => ({
        name: 'redis',
        start: () => publisher.start(),
        close: (deadlineMs: number) => publisher.close(deadlineMs),
      })),
      {
        name: 'worker',
        start: () => startPatiently('worker', () => worker.start(), events, waiting),
        close: () => worker.close(),
      },
      readyPart('worker', health),
    ],
  };
}

/** Feeds, and the demo that is one. */
function gatewayParts({ config, bus, web, observers, traces, health, events }: Common): readonly Part[] {
  const gateway = new Gateway({
    ...gatewayOptionsOf(config),
    bus: traces?.gateway.writer(bus) ?? bus,
    clock,
    observer: traces?.gateway.observer(observers.ingest) ?? observers.ingest,
  });
  const feeds = new FeedServer({ gateway, clock, auth: feedAuthOf(config) });
  const [token] = config.gateway.auth.bearerTokens;
  return [
    {
      name: 'gateway',
      start: async () => web.serveFeeds(feeds),
      close: (deadlineMs) => feeds.close(deadlineMs),
    },
    readyPart('gateway', health),
    createDemoPlayer(config.demo, () => ({ url: web.url, bearerToken: token?.token }), events),
  ];
}

/** Says that everything before it is ready, and, first of all when closing, that it is no more. */
function readyPart(name: PartName, health: Health): Part {
  const watch = health.part(name);
  return {
    name: `readiness of ${name}`,
    start: async () => watch.ready(),
    close: async () => watch.notReady('draining'),
  };
}

function throwAside(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
