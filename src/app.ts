import { Registry } from 'prom-client';
import { createCallParts, legOptionsOf } from './app/analysis.js';
import { createObservers } from './app/app-observers.js';
import { bundleDirectory } from './app/bundle-directory.js';
import { deadLetterWriter } from './app/dead-letters.js';
import { createDemoPlayer } from './app/demo-player.js';
import { consoleOptionsOf, feedAuthOf, gatewayOptionsOf, workerOptionsOf } from './app/options.js';
import { packageVersion } from './app/package-version.js';
import { closeParts, type Part, startParts } from './app/parts.js';
import { busTopicsOf, resultTopicsOf } from './app/topics.js';
import { WebServer } from './app/web-server.js';
import { createMemoryBus } from './bus/index.js';
import { CallWorker } from './calls/index.js';
import { systemClock as clock } from './clock.js';
import type { Config } from './config/index.js';
import { createConsole } from './console/index.js';
import { createOnnxClassifier, loadBundle } from './inference/index.js';
import { decodeAudioRecord, FeedServer, Gateway } from './ingest/index.js';
import { ResultWriter } from './sink/index.js';
import { createMetrics, Health, type Logger } from './telemetry/index.js';

export interface App {
  /** @returns the address of the console */
  start(): Promise<{ readonly url: string }>;
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

/** The whole product: its parts in the order of the path, each built from the ones before. */
export function createApp(config: Config, { logger, onFatal = throwAside }: AppDeps): App {
  let parts: readonly Part[] = [];
  return {
    async start() {
      const built = await buildParts(config, logger, onFatal);
      await startParts(built.parts);
      parts = built.parts;
      return { url: built.web.url };
    },
    close: (deadlineMs) =>
      closeParts(parts, deadlineMs, (part, err) =>
        logger.error({ part, err }, 'a part did not close cleanly'),
      ),
  };
}

async function buildParts(config: Config, logger: Logger, onFatal: (error: unknown) => void) {
  const nowMs = () => clock.nowMs();
  const bundle = await loadBundle(bundleDirectory(config.model));
  const registry = new Registry();
  const metrics = createMetrics(registry);
  metrics.build.set({ version: packageVersion(), model: bundle.modelId }, 1);
  const health = new Health({ nowMs, stalledAfterMs: config.health.stalledAfterMs });
  const observers = createObservers(metrics, logger, health.part('worker'), {
    onBadRecord: (record, error) => keepDeadLetter(record, error),
    onFatal,
  });

  const bus = createMemoryBus({ topics: busTopicsOf(config), clock, observer: observers.bus });
  const keepDeadLetter = deadLetterWriter(bus, config.bus.topics.deadLetters.name, metrics, logger);
  const web = new WebServer(config.http, health, registry, metrics, () => ({
    bus: bus.usage(),
    queuedWindows: classifier.queueDepth,
  }));
  const consoleDeps = { bus, http: web.http, clock, observer: observers.console };
  const consoles = config.roles.includes('console')
    ? [createConsole({ ...consoleOptionsOf(config), ...consoleDeps })]
    : [];
  const { threads, maxQueuedWindows: maxQueued } = config.model;
  // As many as the partitions may hand over together, so that the model makes them wait and never refuses.
  const maxWaiting =
    config.bus.partitions * (config.worker.maxPendingWindowsPerPartition + MAX_WINDOWS_A_RECORD);
  const classifier = createOnnxClassifier({
    bundle,
    ...(threads === null ? {} : { threads }),
    maxQueued,
    maxWaiting,
    metrics: observers.inference,
  });
  const results = {
    bus,
    topics: resultTopicsOf(config),
    model: bundle.modelId,
    nowMs,
    observer: observers.results,
  };
  const parts = createCallParts(config, bundle, classifier, (call) => new ResultWriter(call, results));
  const worker = new CallWorker(workerOptionsOf(config, legOptionsOf(config)), {
    bus,
    parts,
    decode: decodeAudioRecord,
    nowMs,
    observer: observers.calls,
  });
  const gateway = new Gateway({ ...gatewayOptionsOf(config), bus, clock, observer: observers.ingest });
  const feeds = new FeedServer({ gateway, clock, auth: feedAuthOf(config) });
  const [token] = config.gateway.auth.bearerTokens;
  const demo = createDemoPlayer(config.demo, () => ({ url: web.url, bearerToken: token?.token }), logger);

  const ready = (name: string) => readyPart(name, health);
  return {
    web,
    parts: [
      { name: 'bus', start: () => bus.start(), close: () => bus.close() },
      { name: 'web server', start: () => web.start(), close: (deadlineMs) => web.close(deadlineMs) },
      ...consoles.map(({ start, close }) => ({ name: 'console', start, close })),
      { name: 'model', start: () => classifier.start(), close: () => classifier.close() },
      { name: 'worker', start: () => worker.start(), close: () => worker.close() },
      ready('worker'),
      {
        name: 'gateway',
        start: async () => web.serveFeeds(feeds),
        close: (deadlineMs) => feeds.close(deadlineMs),
      },
      ready('gateway'),
      demo,
    ] satisfies Part[],
  };
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
