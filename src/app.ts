import { Registry } from 'prom-client';
import { createCallParts } from './app/analysis.js';
import { createCallsObserver, createObservers } from './app/app-observers.js';
import { bundleDirectory } from './app/bundle-directory.js';
import { busPart, createBus, startPatiently } from './app/buses.js';
import { createAppClassifier } from './app/classifier.js';
import { deadLetter } from './app/dead-letters.js';
import { createDemoPlayer } from './app/demo-player.js';
import { consoleOptionsOf, feedAuthOf, gatewayOptionsOf, workerOptionsOf } from './app/options.js';
import { packageVersion } from './app/package-version.js';
import { closeParts, type Part, startParts } from './app/parts.js';
import { tellAll } from './app/tell-all.js';
import { resultTopicsOf } from './app/topics.js';
import { WebServer } from './app/web-server.js';
import type { Bus } from './bus/index.js';
import { CallWorker } from './calls/index.js';
import { systemClock as clock } from './clock.js';
import type { Config } from './config/index.js';
import { createConsole } from './console/index.js';
import { loadBundle } from './inference/index.js';
import { decodeAudioRecord, FeedServer, Gateway } from './ingest/index.js';
import { RedisPublisher } from './sink/index.js';
import { createMetrics, Health, type Logger, type Metrics } from './telemetry/index.js';

export interface App {
  /** @returns the address of the console */
  start(): Promise<{ readonly url: string }>;
  /** A start that waits for servers gives up and rejects. */
  stopWaiting(): void;
  /** Takes nothing more in, works off what was, and closes the parts in reverse order. */
  close(deadlineMs: number): Promise<void>;
}

export interface AppDeps {
  readonly logger: Logger;
  /** Told when the process can't keep its promises any more. Default: the error is thrown where nobody catches it. */
  readonly onFatal?: (error: unknown) => void;
}

/** Windows that one record of the audio log can complete: 64 KiB of µ-law are 8 s, 16 windows; four times that. */
const MAX_WINDOWS_A_RECORD = 64;
/** As many as the configuration allows; how many Kafka's topics have is not known before it is reached. */
const MAX_PARTITIONS = 1024;

/** The whole product: its parts in the order of the path, each built from the ones before. */
export function createApp(config: Config, { logger, onFatal = throwAside }: AppDeps): App {
  let parts: readonly Part[] = [];
  const waiting = new AbortController();
  return {
    async start() {
      const built = await buildParts(config, logger, onFatal, waiting.signal);
      await startParts(built.parts);
      parts = built.parts;
      return { url: built.web.url };
    },
    stopWaiting: () => waiting.abort(),
    close: (deadlineMs) =>
      closeParts(parts, deadlineMs, (part, err) =>
        logger.error({ part, err }, 'a part did not close cleanly'),
      ),
  };
}

/** What the parts of every role share. */
interface Common {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly observers: ReturnType<typeof createObservers>;
  readonly bus: Bus;
  readonly web: WebServer;
  readonly onFatal: (error: unknown) => void;
  /** Aborted: what waits for something outside gives up. */
  readonly waiting: AbortSignal;
}

async function buildParts(
  config: Config,
  logger: Logger,
  onFatal: (error: unknown) => void,
  waiting: AbortSignal,
): Promise<{ web: WebServer; parts: readonly Part[] }> {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  const health = new Health({ nowMs: () => clock.nowMs(), stalledAfterMs: config.health.stalledAfterMs });
  const observers = createObservers(metrics, logger);
  metrics.build.set({ version: packageVersion(), model: '' }, 1);
  const { bus, usage } = await createBus(config, observers);
  const queues: { queuedWindows: () => number } = { queuedWindows: () => 0 };
  const web = new WebServer(config.http, health, registry, metrics, () => ({
    bus: usage(),
    queuedWindows: queues.queuedWindows(),
  }));
  const common = { config, logger, metrics, health, observers, bus, web, onFatal, waiting };
  const has = (role: Config['roles'][number]) => config.roles.includes(role);
  const worker = has('worker') ? await workerParts(common, queues) : [];
  return {
    web,
    parts: [
      { name: 'web server', start: () => web.start(), close: (deadlineMs) => web.close(deadlineMs) },
      busPart(bus, logger, waiting),
      ...(has('console') ? [consolePart(common), readyPart('console', health)] : []),
      ...worker,
      ...(has('gateway') ? gatewayParts(common) : []),
    ],
  };
}

function consolePart({ config, bus, web, observers, logger, waiting }: Common): Part {
  const deps = { bus, http: web.http, clock, observer: observers.console };
  const { start, close } = createConsole({ ...consoleOptionsOf(config), ...deps });
  return { name: 'console', start: () => startPatiently('the console', start, logger, waiting), close };
}

/** Model and call worker. */
async function workerParts(
  common: Common,
  queues: { queuedWindows: () => number },
): Promise<readonly Part[]> {
  const { config, bus, observers, metrics, health, logger, onFatal, waiting } = common;
  const bundle = await loadBundle(bundleDirectory(config.model));
  // As many as the partitions may hand over together, so that the model makes them wait and never refuses.
  const partitions = config.bus.kind === 'memory' ? config.bus.partitions : MAX_PARTITIONS;
  const maxWaiting = partitions * (config.worker.maxPendingWindowsPerPartition + MAX_WINDOWS_A_RECORD);
  const { classifier, modelId } = createAppClassifier(
    config,
    bundle,
    maxWaiting,
    observers.inference,
    logger,
  );
  metrics.build.reset();
  metrics.build.set({ version: packageVersion(), model: modelId }, 1);
  queues.queuedWindows = () => classifier.queueDepth;
  const redis = config.redis.enabled
    ? [new RedisPublisher(config.redis, { clock, observer: observers.redis })]
    : [];
  const parts = createCallParts(config, bundle, classifier, {
    topics: resultTopicsOf(config),
    model: modelId,
    nowMs: () => clock.nowMs(),
    observer: tellAll([observers.results, ...redis]),
  });
  const onReleased = (callIds: readonly string[]) => {
    for (const publisher of redis) for (const callId of callIds) publisher.released(callId);
  };
  const deadLetters = config.bus.topics.deadLetters.name;
  const worker = new CallWorker(workerOptionsOf(config), {
    bus,
    parts,
    decode: decodeAudioRecord,
    deadLetter: (record, error) => deadLetter(deadLetters, record, error),
    clock,
    observer: createCallsObserver({ onReleased, onFatal }, metrics, health.part('worker'), logger),
  });
  return [
    { name: 'model', start: () => classifier.start(), close: () => classifier.close() },
    ...redis.map((publisher) => ({
      name: 'redis',
      start: () => publisher.start(),
      close: (deadlineMs: number) => publisher.close(deadlineMs),
    })),
    {
      name: 'worker',
      start: () => startPatiently('the worker', () => worker.start(), logger, waiting),
      close: () => worker.close(),
    },
    readyPart('worker', health),
  ];
}

/** Feeds, and the demo that is one. */
function gatewayParts({ config, bus, web, observers, health, logger }: Common): readonly Part[] {
  const gateway = new Gateway({ ...gatewayOptionsOf(config), bus, clock, observer: observers.ingest });
  const feeds = new FeedServer({ gateway, clock, auth: feedAuthOf(config) });
  const [token] = config.gateway.auth.bearerTokens;
  return [
    {
      name: 'gateway',
      start: async () => web.serveFeeds(feeds),
      close: (deadlineMs) => feeds.close(deadlineMs),
    },
    readyPart('gateway', health),
    createDemoPlayer(config.demo, () => ({ url: web.url, bearerToken: token?.token }), logger),
  ];
}

/** Says that everything before it is ready, and, first of all when closing, that it is no more. */
function readyPart(name: string, health: Health): Part {
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
