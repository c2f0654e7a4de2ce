import { ask } from './client.js';
import type { NativeConsumer } from './node-rdkafka.js';
import { within } from './signal.js';

/** How often what librdkafka has to say is taken from a consumer that reads nothing. */
const EVENTS_MS = 500;
const CLOSE_LIMIT_MS = 1_500;

interface Asking {
  readonly consumer: NativeConsumer;
  readonly events: NodeJS.Timeout;
}

/** Consumers that read nothing and join nothing, but answer questions: one for each group that is asked about. */
export class AskingConsumers {
  readonly #openConsumer: (group: string | null) => Promise<NativeConsumer>;
  readonly #byGroup = new Map<string | null, Promise<Asking>>();

  constructor(openConsumer: (group: string | null) => Promise<NativeConsumer>) {
    this.#openConsumer = openConsumer;
  }

  /** For questions that have nothing to do with a group: its consumer is opened for null. */
  any(): Promise<NativeConsumer> {
    return this.of(null);
  }

  /** One that could not be opened is opened anew by the next question. */
  async of(group: string | null): Promise<NativeConsumer> {
    let asking = this.#byGroup.get(group);
    if (asking === undefined) {
      asking = this.#open(group);
      this.#byGroup.set(group, asking);
      asking.catch(() => this.#byGroup.delete(group));
    }
    return (await asking).consumer;
  }

  async close(): Promise<void> {
    const all = [...this.#byGroup.values()];
    this.#byGroup.clear();
    await Promise.allSettled(all.map(async (asking) => this.#close(await asking)));
  }

  async #open(group: string | null): Promise<Asking> {
    const consumer = await this.#openConsumer(group);
    return { consumer, events: setInterval(() => consumer.consume(1, () => undefined), EVENTS_MS) };
  }

  #close({ consumer, events }: Asking): Promise<void> {
    clearInterval(events);
    return within(
      CLOSE_LIMIT_MS,
      ask('consumer', (done) => consumer.disconnect(done)),
    );
  }
}
