import { kafkaOptionsOf } from '../../app/kafka-options.js';
import { type Bus, createKafkaBus, type PartitionReader } from '../../bus/index.js';
import { systemClock as clock } from '../../clock.js';
import type { Config } from '../../config/index.js';
import { EVENT_TYPES } from '../../sink/index.js';
import { windowResultOf } from './result-event.js';
import type { OnResult, ResultStream } from './result-stream.js';

const BATCH = 500;
const TYPES: ReadonlySet<string | undefined> = new Set([EVENT_TYPES.point, EVENT_TYPES.hole]);

/** The emotions topic itself: committed records alone, through whatever restarts. */
export class TopicStream implements ResultStream {
  readonly place: string;
  /** A reader of the topic goes on where it was. */
  readonly interruptions = 0;
  readonly #config: Config;
  readonly #onResult: OnResult;
  #bus: Bus | undefined;

  constructor(config: Config, onResult: OnResult) {
    this.place = `${config.bus.topics.emotions.name} on ${config.bus.kafka.brokers.join(', ')}`;
    this.#config = config;
    this.#onResult = onResult;
  }

  async start(): Promise<void> {
    this.#bus = await createKafkaBus({ ...kafkaOptionsOf(this.#config), clock });
    await this.#bus.start();
    await this.#bus.follow(this.#config.bus.topics.emotions.name, clock.nowMs(), {
      onAssigned: (reader) => void this.#read(reader),
      onRevoked: async () => undefined,
    });
  }

  async close(): Promise<void> {
    await this.#bus?.close();
  }

  async #read(reader: PartitionReader): Promise<void> {
    for (;;) {
      const records = await reader.read(BATCH);
      if (records.length === 0) return;
      const seenAtMs = clock.nowMs();
      for (const { value, headers } of records) {
        if (value === null || !TYPES.has(headers.ce_type)) continue;
        this.#onResult(windowResultOf(Buffer.from(value).toString('utf8')), seenAtMs);
      }
    }
  }
}
