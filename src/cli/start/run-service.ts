import type { Clock } from '../../clock.js';
import type { EventLog } from '../../telemetry/index.js';

/** A part with a life: the whole application, as the command sees it. */
export interface Service {
  /** Resolves when it is ready for work. */
  start(): Promise<{ readonly url: string }>;
  /** A start that waits for something outside, such as a broker, gives up and rejects. */
  stopWaiting(): void;
  /** Takes up what may change while it runs; rejects where that is not possible, and is then as it was. */
  reload(): Promise<void>;
  /** Finishes what it can within the deadline, then releases everything. */
  close(deadlineMs: number): Promise<void>;
}

/** The side of `process` that a service needs. */
export interface Host {
  on(event: string, listener: (cause: unknown) => void): unknown;
  exit(code: number): void;
}

export interface ServiceDeps {
  readonly events: EventLog;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly host: Host;
  readonly drainMs: number;
  /** Whether the terminal that it was started from has been closed. */
  terminalIsGone(): boolean;
  announce(url: string): void;
}

/** Beyond the drain: what closing sockets and threads may take before the process is ended regardless. */
const CLOSE_GRACE_MS = 5_000;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const FATAL_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs a service until a signal ends it. The first SIGTERM or SIGINT drains and exits 0, also while starting; the
 * second exits 1 at once. SIGHUP reloads, unless it says that the terminal is gone, which is one more way to end. A failure to start rejects; any error that nobody caught is logged and exits 1.
 */
export async function runService(service: Service, deps: ServiceDeps): Promise<void> {
  const { host, events } = deps;
  const starting = service.start();
  let stopping = false;
  const stopped = new Promise<void>((resolve) => {
    const onSignal = (signal: unknown): void => {
      if (stopping) {
        host.exit(1);
        return;
      }
      stopping = true;
      events.report('stopping', { signal });
      void drain(service, starting, deps).then(resolve);
    };
    for (const signal of STOP_SIGNALS) host.on(signal, () => onSignal(signal));
    host.on('SIGHUP', () => {
      if (deps.terminalIsGone()) onSignal('SIGHUP');
      else if (!stopping) void reload(service, starting, events);
    });
  });
  for (const event of FATAL_EVENTS) {
    host.on(event, (error) => {
      events.report('uncaught', { err: error, how: event });
      host.exit(1);
    });
  }
  try {
    const { url } = await starting;
    deps.announce(url);
  } catch (error) {
    if (!stopping) throw error;
  }
  await stopped;
}

async function reload(service: Service, starting: Promise<unknown>, events: EventLog): Promise<void> {
  try {
    await starting;
    await service.reload();
  } catch (error) {
    events.report('reload-failed', { err: error });
  }
}

async function drain(service: Service, starting: Promise<unknown>, deps: ServiceDeps): Promise<void> {
  const { host, events, drainMs } = deps;
  const cancel = deps.clock.setTimer(() => {
    events.report('close-too-late', { drainMs });
    host.exit(1);
  }, drainMs + CLOSE_GRACE_MS);
  try {
    service.stopWaiting();
    const started = await starting.then(
      () => true,
      () => false,
    );
    if (started) await service.close(drainMs);
    host.exit(0);
  } catch (error) {
    events.report('close-failed', { err: error });
    host.exit(1);
  } finally {
    cancel();
  }
}
