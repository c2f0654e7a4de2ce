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
import type { Logger } from '../telemetry/index.js';
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
export function busPart(bus: Bus, logger: Logger, stopping: AbortSignal): Part {
  return {
    name: 'bus',
    async start() {
      for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
        try {
          return await bus.start();
        } catch (err) {
          if (!(err instanceof UndertoneError && err.retriable) || stopping.aborted) throw err;
          logger.error({ err, retryInMs: waitMs }, 'the bus could not be started; it is tried again');
          await sleep(waitMs, undefined, { signal: stopping });
        }
      }
    },
    close: () => bus.close(),
  };
}
