import { UndertoneError } from '../../../errors.js';
import type { DriverProducer, PlacedRecord, SendOutcome } from '../driver.js';
import { ask } from './client.js';
import { fromRdkafka, isFatal } from './errors.js';
import type { DeliveryReport, NativeError, NativeProducer } from './node-rdkafka.js';
import { toBuffer, toNativeHeaders } from './records.js';
import { within } from './signal.js';

/** How often delivery reports are fetched while some are awaited. */
const POLL_MS = 1;
const CLOSE_LIMIT_MS = 1_500;
const FLUSH_LIMIT_MS = 1_000;

/** Hands a record to librdkafka's queue. Throws a native error; `opaque` comes back with the delivery report. */
export function produce(producer: NativeProducer, record: PlacedRecord, opaque?: unknown): void {
  const { topic, partition, key, value, headers } = record;
  producer.produce(topic, partition, toBuffer(value), key, null, opaque, toNativeHeaders(headers));
}

/** Records sent together; resolved when of the last of them is known what became of it. librdkafka may send and lose them apart. */
class Sending {
  readonly #outcomes: SendOutcome[] = [];
  #left: number;

  constructor(
    count: number,
    readonly resolve: (outcomes: readonly SendOutcome[]) => void,
    readonly reject: (error: Error) => void,
  ) {
    this.#left = count;
  }

  /** True when nothing is awaited any more. */
  settle(index: number, outcome: SendOutcome): boolean {
    this.#outcomes[index] = outcome;
    this.#left -= 1;
    if (this.#left > 0) return false;
    this.resolve(this.#outcomes);
    return true;
  }
}

/** What comes back with a delivery report. */
interface Ticket {
  readonly sending: Sending;
  readonly index: number;
}

/** After a fatal error librdkafka sends nothing more: the next records are sent by a new client. */
export class RdkafkaProducer implements DriverProducer {
  readonly #open: () => Promise<NativeProducer>;
  readonly #sendings = new Set<Sending>();
  #native: NativeProducer;
  #replacement: Promise<void> | undefined;
  #polling: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(native: NativeProducer, open: () => Promise<NativeProducer>) {
    this.#open = open;
    this.#native = native;
    this.#listen(native);
  }

  static async create(open: () => Promise<NativeProducer>): Promise<RdkafkaProducer> {
    return new RdkafkaProducer(await open(), open);
  }

  async send(records: readonly PlacedRecord[]): Promise<readonly SendOutcome[]> {
    if (this.#closed) throw closed();
    if (records.length === 0) return [];
    await this.#replacement;
    return new Promise((resolve, reject) => {
      const sending = new Sending(records.length, resolve, reject);
      this.#sendings.add(sending);
      this.#polling ??= setInterval(() => this.#poll(), POLL_MS);
      for (const [index, record] of records.entries()) this.#hand(record, { sending, index });
    });
  }

  #poll(): void {
    try {
      this.#native.poll();
    } catch (error) {
      // librdkafka is gone some moments before its farewell is told here.
      if (!this.#closed) throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await within(
      CLOSE_LIMIT_MS,
      ask('producer', (done) => this.#native.disconnect(FLUSH_LIMIT_MS, done)),
    );
    clearInterval(this.#polling);
    for (const { reject } of this.#sendings) reject(closed());
    this.#sendings.clear();
  }

  #hand(record: PlacedRecord, ticket: Ticket): void {
    try {
      produce(this.#native, record, ticket);
    } catch (error) {
      this.#settle(ticket, fromRdkafka(error, record.topic));
      if (isFatal(error)) this.#replace();
    }
  }

  #listen(native: NativeProducer): void {
    native.on('delivery-report', (error, report) => this.#onReport(error, report));
  }

  #onReport(
    error: NativeError | null | undefined,
    { topic, partition, offset, opaque }: DeliveryReport,
  ): void {
    this.#settle(opaque as Ticket, error ? fromRdkafka(error, topic) : { partition, offset });
  }

  #settle({ sending, index }: Ticket, outcome: SendOutcome): void {
    if (!sending.settle(index, outcome)) return;
    this.#sendings.delete(sending);
    if (this.#sendings.size > 0) return;
    clearInterval(this.#polling);
    this.#polling = undefined;
  }

  #replace(): void {
    this.#replacement ??= this.#exchange().finally(() => {
      this.#replacement = undefined;
    });
    // Whoever sends next hears of a failure.
    this.#replacement.catch(() => undefined);
  }

  async #exchange(): Promise<void> {
    const old = this.#native;
    this.#native = await this.#open();
    this.#listen(this.#native);
    old.disconnect(0, () => undefined);
  }
}

function closed(): UndertoneError {
  return new UndertoneError('UT_BUS_CLOSED', 'the producer is closed.');
}
