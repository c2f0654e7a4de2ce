import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Bus } from '../bus/index.js';
import { type CancelTimer, type Clock, systemClock } from '../clock.js';
import type { RedisConfig } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import { errorAnswerer } from './answers.js';
import { registerApi } from './api.js';
import { BusSource } from './bus-source.js';
import { EventRing } from './event-ring.js';
import { registerEvents } from './event-route.js';
import type { ConsoleEvent } from './events.js';
import { type ConsoleLimits, DEFAULT_CONSOLE_LIMITS } from './limits.js';
import { LiveState } from './live-state.js';
import { type ConsoleObserver, SILENT_CONSOLE_OBSERVER } from './observer.js';
import { assertOwnOrigin } from './origin-guard.js';
import { RedisSource } from './redis-source.js';
import type { ResultSource } from './result-source.js';
import { SessionAuth } from './session.js';
import { assertSignedIn, registerSession } from './session-routes.js';
import { DEFAULT_PAGE_DIR, registerPage, SECURITY_HEADERS } from './static-page.js';
import { StreamHub } from './stream-hub.js';

export interface ConsoleOptions {
  /** Where to hear of calls; null where `redis` says. */
  readonly bus: Bus | null;
  /** Where to hear of calls in place of the bus. Default null. */
  readonly redis?: RedisConfig | null;
  /** The process's HTTP server, not yet listening; the console adds its routes and starts or ends nothing of it. */
  readonly http: FastifyInstance;
  /** Tokens that open the API; none leaves it open to whoever reaches the port. */
  readonly tokens: readonly string[];
  /** Host names served beside IP addresses and `localhost`. Default none. */
  readonly allowedHosts?: readonly string[];
  /** Names of the result topics. */
  readonly topics?: { readonly emotions: string; readonly calls: string; readonly alerts: string };
  /** Path of the generic feed on the same server, for the browser's microphone; null where there is none. */
  readonly microphoneFeed?: string | null;
  /** True where browsers come through a proxy that ends TLS: cookies then never travel in the clear. Default false. */
  readonly secureCookies?: boolean;
  /** Folder of the built page. */
  readonly pageDir?: string;
  readonly limits?: Partial<ConsoleLimits>;
  readonly clock?: Clock;
  readonly observer?: ConsoleObserver;
}

/** The console of one process: result topics → state in memory → API, event streams and page. */
export interface Console {
  /** Who may use the API; the microphone's feed is to accept the same sessions. */
  readonly auth: SessionAuth;
  /** Begins to read the bus, which must have been started, or Redis, which may come later. */
  start(): Promise<void>;
  /** Tells every stream what still stands on the topics, then ends them. To be called before the HTTP server is closed. */
  close(): Promise<void>;
}

const DEFAULT_TOPICS = {
  emotions: 'undertone.emotions.v1',
  calls: 'undertone.calls.v1',
  alerts: 'undertone.alerts.v1',
};

/** Builds the console and adds its routes to `http`. */
export function createConsole(options: ConsoleOptions): Console {
  const parts = partsOf(options);
  void options.http.register(async (scope) => addRoutes(scope, options, parts));
  const { auth, clock, hub, limits, source, state } = parts;
  let stopHeartbeat = () => {};
  return {
    auth,
    async start() {
      await source.start();
      stopHeartbeat = repeat(clock, limits.heartbeatMs, () => {
        state.sweep(clock.nowMs());
        hub.heartbeat();
      });
    },
    async close() {
      stopHeartbeat();
      await source.catchUp();
      hub.close();
      await source.close();
    },
  };
}

function repeat(clock: Clock, periodMs: number, action: () => void): CancelTimer {
  const run = (): void => {
    cancel = clock.setTimer(run, periodMs);
    action();
  };
  let cancel = clock.setTimer(run, periodMs);
  return () => cancel();
}

interface ConsoleParts {
  readonly limits: ConsoleLimits;
  readonly clock: Clock;
  readonly observer: ConsoleObserver;
  readonly auth: SessionAuth;
  readonly state: LiveState;
  readonly ring: EventRing;
  readonly hub: StreamHub;
  readonly source: ResultSource;
}

function partsOf(options: ConsoleOptions): ConsoleParts {
  const limits = { ...DEFAULT_CONSOLE_LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  const observer = options.observer ?? SILENT_CONSOLE_OBSERVER;
  const state = new LiveState(limits);
  const ring = new EventRing(randomUUID(), limits.maxResumeEvents, limits.maxResumeBytes);
  const hub = new StreamHub(ring, limits, observer);
  const onEvent = (event: ConsoleEvent): void => {
    state.apply(event, clock.nowMs());
    hub.broadcast(ring.push(event));
    observer.eventApplied(event.kind);
  };
  const sinceMs = clock.nowMs() - limits.keepEndedMs;
  const source = sourceOf(options, sinceMs, { clock, observer, onEvent });
  const auth = new SessionAuth(options.tokens, limits.sessionMs);
  return { limits, clock, observer, auth, state, ring, hub, source };
}

function sourceOf(
  options: ConsoleOptions,
  sinceMs: number,
  deps: {
    readonly clock: Clock;
    readonly observer: ConsoleObserver;
    readonly onEvent: (event: ConsoleEvent) => void;
  },
): ResultSource {
  const { bus, redis = null } = options;
  if (redis !== null) return new RedisSource({ config: redis, ...deps });
  if (bus === null) throw new UndertoneError('UT_INTERNAL', 'The console was given neither bus nor Redis.');
  const topics = Object.values(options.topics ?? DEFAULT_TOPICS);
  return new BusSource({ bus, topics, sinceMs, ...deps });
}

async function addRoutes(
  scope: FastifyInstance,
  options: ConsoleOptions,
  parts: ConsoleParts,
): Promise<void> {
  const { auth, clock, hub, observer } = parts;
  const nowMs = (): number => clock.nowMs();
  guard(scope, options.allowedHosts ?? [], observer);
  registerPage(scope, options.pageDir ?? DEFAULT_PAGE_DIR);
  const { microphoneFeed = null, secureCookies = false } = options;
  registerSession(scope, { auth, nowMs, microphoneFeed, secureCookies });
  await scope.register(async (api) => {
    api.addHook('onRequest', async (request) => assertSignedIn(request, auth, nowMs()));
    registerApi(api, { ...parts, nowMs });
    registerEvents(api, hub);
    registerNoSuchRoute(api);
  });
}

function guard(scope: FastifyInstance, allowedHosts: readonly string[], observer: ConsoleObserver): void {
  scope.setErrorHandler(errorAnswerer(observer));
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS });
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    assertOwnOrigin({ host: request.headers.host, origin: request.headers.origin }, allowedHosts);
  });
}

function registerNoSuchRoute(api: FastifyInstance): void {
  api.all('/api/*', (request) => {
    throw new UndertoneError('UT_CONSOLE_NO_SUCH_ROUTE', `There is no ${request.method} ${request.url}.`);
  });
}
