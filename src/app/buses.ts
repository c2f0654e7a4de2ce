import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bus,
  type BusObserver,
  createKafkaBus,
  createMemoryBus,
  type KafkaObserver,
  type PartitionUsage,
} from '../bus/index.js';
import { systemClock as clock } from '../clock.js';
import type { Config } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import type { EventLog } from '../telemetry/index.js';
import { kafkaOptionsOf } from './kafka-options.js';
import type { Part } from './parts.js';
import { busTopicsOf } from './topics.js';

export interface AppBus {
  readonly bus: Bus;
  /** What the partitions of the memory bus hold; Kafka's are its own business. */
  usage(): readonly PartitionUsage[];
}

export async function createBus(
  config: Config,
  observers: { readonly bus: BusObserver; readonly kafka: KafkaObserver },
): Promise<AppBus> {
  if (config.bus.kind === 'memory') {
    const bus = createMemoryBus({ topics: busTopicsOf(config), clock, observer: observers.bus });
    return { bus, usage: () => bus.usage() };
  }
  const bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock, observer: observers.kafka });
  return { bus, usage: () => [] };
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Starts the bus, however long its servers stay away; what waiting can't mend is thrown. */
export function busPart(bus: Bus, events: EventLog, waiting: AbortSignal): Part {
  return {
    name: 'bus',
    start: () => startPatiently('bus', () => bus.start(), events, waiting),
    close: () => bus.close(),
  };
}

/** Starts what needs the bus: its servers may also go away between two parts. */
export async function startPatiently(
  name: string,
  start: () => Promise<void>,
  events: EventLog,
  waiting: AbortSignal,
): Promise<void> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
    try {
      return await start();
    } catch (err) {
      if (!(err instanceof UndertoneError && err.retriable) || waiting.aborted) throw err;
      events.report('start-waits', { part: name, code: err.code, retryInMs: waitMs, detail: err.message });
      await sleep(waitMs, undefined, { signal: waiting });
    }
  }
}
