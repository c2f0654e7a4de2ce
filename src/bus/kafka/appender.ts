import type { Clock } from '../../clock.js';
import { errorCodeOf, UndertoneError } from '../../errors.js';
import type { RecordPosition } from '../bus.js';
import { settledWithin } from './back-off.js';
import type { DriverProducer, PlacedRecord } from './driver.js';
import type { KafkaObserver } from './observer.js';

export interface AppenderLimits {
  /** How long the first record of a batch waits for others: no batch follows another sooner, unless room is short. */
  readonly lingerMs: number;
  /** What may wait for the broker; appends beyond wait for room. */
  readonly maxBufferedRecords: number;
  readonly maxBufferedBytes: number;
  /** Of one partition in one batch: the broker takes a batch as it takes one record. */
  readonly maxRecordBytes: number;
}

interface Pending {
  readonly record: PlacedRecord;
  readonly bytes: number;
  readonly sinceMs: number;
  readonly resolve: (position: RecordPosition) => void;
  readonly reject: (error: unknown) => void;
}

interface Refused {
  readonly pending: Pending;
  readonly outcome: Error;
}

const MAX_BATCH_RECORDS = 2_000;

/**
 * Gathers appended records into batches.
 *
 * What always holds: records leave in the order in which they came, one batch at a time, so that each partition's order
 * is that of the appends; what is admitted and not acknowledged stays within the limits; the rest waits first come,
 * first served.
 */
export class Appender {
  readonly #admitted: Pending[] = [];
  readonly #waiting: Pending[] = [];
  #bytes = 0;
  #inFlight: Promise<void> | undefined;
  #cancelLinger: (() => void) | undefined;
  #closed = false;

  constructor(
    readonly producer: DriverProducer,
    readonly limits: AppenderLimits,
    readonly clock: Clock,
    readonly observer: KafkaObserver,
  ) {}

  /** Records and bytes that are not acknowledged, and appends that wait for room. */
  get usage(): { readonly records: number; readonly bytes: number; readonly waitingAppends: number } {
    return { records: this.#admitted.length, bytes: this.#bytes, waitingAppends: this.#waiting.length };
  }

  append(record: PlacedRecord, bytes: number): Promise<RecordPosition> {
    return new Promise((resolve, reject) => {
      const pending = { record, bytes, sinceMs: this.clock.nowMs(), resolve, reject };
      if (this.#waiting.length === 0 && this.#hasRoom(bytes)) this.#admit(pending, 0);
      else {
        this.observer.appendWaits(record.topic, record.partition);
        this.#waiting.push(pending);
        this.#sendWhenDue();
      }
    });
  }

  /** Sends what there is, for at most `withinMs`; what is left then is rejected with UT_BUS_CLOSED. */
  async close(withinMs: number): Promise<void> {
    await settledWithin(this.#flush(), withinMs, this.clock);
    this.#rejectAll();
    await this.producer.close();
  }

  async #flush(): Promise<void> {
    while (this.#admitted.length > 0) {
      this.#send();
      await this.#inFlight;
    }
  }

  #hasRoom(bytes: number): boolean {
    const { maxBufferedRecords, maxBufferedBytes } = this.limits;
    if (this.#admitted.length === 0) return true;
    return this.#admitted.length < maxBufferedRecords && this.#bytes + bytes <= maxBufferedBytes;
  }

  #admit(pending: Pending, waitedMs: number): void {
    const { record, bytes } = pending;
    this.#admitted.push(pending);
    this.#bytes += bytes;
    this.observer.appended(record.topic, record.partition, bytes, waitedMs);
    this.observer.buffered(this.#admitted.length, this.#bytes);
    this.#sendWhenDue();
  }

  /** When the oldest record has waited for its linger, at once where others wait for room; never while a batch is under way. */
  #sendWhenDue(): void {
    const [oldest] = this.#admitted;
    if (this.#inFlight !== undefined || oldest === undefined) return;
    const leftMs = this.limits.lingerMs - (this.clock.nowMs() - oldest.sinceMs);
    if (leftMs <= 0 || this.#waiting.length > 0) this.#send();
    else this.#cancelLinger ??= this.clock.setTimer(() => this.#send(), leftMs);
  }

  #send(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    if (this.#inFlight !== undefined || this.#admitted.length === 0) return;
    const batch = this.#nextBatch();
    this.#inFlight = this.#deliver(batch).then(() => {
      this.#inFlight = undefined;
      this.#forget(batch);
      this.#sendWhenDue();
    });
  }

  /** As many as fit, from the oldest on. */
  #nextBatch(): readonly Pending[] {
    const bytesOf = new Map<string, number>();
    const fits = ({ record, bytes }: Pending, index: number): boolean => {
      const place = `${record.topic}/${record.partition}`;
      const sum = (bytesOf.get(place) ?? 0) + bytes;
      bytesOf.set(place, sum);
      return index === 0 || (index < MAX_BATCH_RECORDS && sum <= this.limits.maxRecordBytes);
    };
    const end = this.#admitted.findIndex((pending, index) => !fits(pending, index));
    return this.#admitted.slice(0, end < 0 ? undefined : end);
  }

  async #deliver(batch: readonly Pending[]): Promise<void> {
    const startedMs = this.clock.nowMs();
    const outcomes = await this.producer
      .send(batch.map(({ record }) => record))
      .catch((error: Error) => batch.map(() => error));
    const ways = batch.map((pending, index) => ({ pending, outcome: outcomes[index]! }));
    const refused = ways.filter((way): way is Refused => way.outcome instanceof Error);
    const sent = batch.filter((_, index) => !(outcomes[index] instanceof Error));
    const bytes = sent.reduce((sum, pending) => sum + pending.bytes, 0);
    if (sent.length > 0) this.observer.sent(sent.length, bytes, this.clock.nowMs() - startedMs);
    for (const { pending, outcome } of ways) if (!(outcome instanceof Error)) pending.resolve(outcome);
    await this.#onRefused(refused);
  }

  /** One record that is too large must not fail its neighbours: the halves are sent apart. */
  async #onRefused(refused: readonly Refused[]): Promise<void> {
    const tooLarge = refused.filter(({ outcome }) => errorCodeOf(outcome) === 'UT_BUS_RECORD_TOO_LARGE');
    const failed = tooLarge.length > 1 ? refused.filter((each) => !tooLarge.includes(each)) : refused;
    if (failed.length > 0) this.observer.failed(failed[0]!.outcome);
    for (const { pending, outcome } of failed) pending.reject(outcome);
    if (tooLarge.length < 2) return;
    const again = tooLarge.map(({ pending }) => pending);
    const half = Math.ceil(again.length / 2);
    await this.#deliver(again.slice(0, half));
    await this.#deliver(again.slice(half));
  }

  #forget(batch: readonly Pending[]): void {
    if (this.#closed) return;
    this.#admitted.splice(0, batch.length);
    this.#bytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0);
    while (this.#waiting.length > 0 && this.#hasRoom(this.#waiting[0]!.bytes)) {
      const pending = this.#waiting.shift()!;
      this.#admit(pending, this.clock.nowMs() - pending.sinceMs);
    }
    this.observer.buffered(this.#admitted.length, this.#bytes);
  }

  #rejectAll(): void {
    this.#closed = true;
    const left = [...this.#admitted.splice(0), ...this.#waiting.splice(0)];
    this.#bytes = 0;
    for (const { record, reject } of left) {
      reject(
        new UndertoneError('UT_BUS_CLOSED', 'the bus closed before the broker answered.', {
          place: record.topic,
        }),
      );
    }
    this.observer.buffered(0, 0);
  }
}
