import type {
  Bus,
  BusRecord,
  NewRecord,
  PartitionListener,
  PartitionReader,
  ResultRecord,
} from '../../src/bus/index.js';
import { UndertoneError } from '../../src/errors.js';

export const textRecord = (key: string, value: string): NewRecord => ({
  key,
  value: new TextEncoder().encode(value),
  headers: { kind: 'test' },
});

export const textResult = (topic: string, key: string, value: string): ResultRecord => ({
  topic,
  ...textRecord(key, value),
});

export const textOf = (record: BusRecord): string => new TextDecoder().decode(record.value!);

/** The code of what `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing failed',
    (error) => (error instanceof UndertoneError ? error.code : String(error)),
  );
}

export async function scanText(bus: Bus, topic: string, partition: number): Promise<string[]> {
  const found: string[] = [];
  await bus.scan(
    topic,
    partition,
    Number.NEGATIVE_INFINITY,
    (records) => void found.push(...records.map(textOf)),
  );
  return found;
}

export async function until(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`It did not come about in ${withinMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A listener that only remembers the readers it has. */
export class Readers implements PartitionListener {
  readonly readers = new Map<number, PartitionReader>();
  handedOver = 0;

  onAssigned(reader: PartitionReader): void {
    this.handedOver++;
    this.readers.set(reader.partition, reader);
  }

  async onRevoked(partition: number): Promise<void> {
    this.readers.delete(partition);
  }

  async reader(partition: number): Promise<PartitionReader> {
    await until(() => this.readers.has(partition), `a reader of partition ${partition}`);
    return this.readers.get(partition)!;
  }
}

/**
 * What a worker does: answers each record with a result of the same text, and commits both batch by batch. After a
 * failed commit it waits for the next reader.
 */
export class CopyingWorker implements PartitionListener {
  failures: string[] = [];
  handedOver = 0;

  constructor(readonly results: string) {}

  onAssigned(reader: PartitionReader): void {
    this.handedOver++;
    void this.#copy(reader);
  }

  async onRevoked(): Promise<void> {}

  async #copy(reader: PartitionReader): Promise<void> {
    for (;;) {
      const records = await reader.read(50);
      if (records.length === 0) return;
      const results = records.map(({ key, value, headers }) => ({
        topic: this.results,
        key,
        value,
        headers,
      }));
      const failure = await failureOf(reader.commit(records.at(-1)!.offset + 1, results));
      if (failure !== 'nothing failed') return void this.failures.push(failure);
    }
  }
}
