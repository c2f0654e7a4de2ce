import type { Bus, BusRecord, PartitionReader, Subscription } from '../bus/index.js';
import type { AudioLogRecord } from '../ingest/index.js';
import { CallTable } from './call-table.js';
import type { LegOptions } from './leg.js';
import type { CallsObserver } from './observer.js';
import { PartitionLoop, type PartitionLoopOptions } from './partition-loop.js';
import type { CallParts } from './ports.js';

export interface CallWorkerOptions extends PartitionLoopOptions {
  readonly topic: string;
  readonly group: string;
  readonly leg: LegOptions;
}

export interface CallWorkerDeps {
  readonly bus: Bus;
  readonly parts: CallParts;
  readonly decode: (record: BusRecord) => AudioLogRecord;
  readonly nowMs: () => number;
  readonly observer: CallsObserver;
}

/** Reads the audio log by its partitions, one loop each, and owns all state of the calls in them. */
export class CallWorker {
  readonly #options: CallWorkerOptions;
  readonly #deps: CallWorkerDeps;
  readonly #running = new Map<PartitionLoop, Promise<void>>();
  #subscription: Subscription | null = null;

  constructor(options: CallWorkerOptions, deps: CallWorkerDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#subscription = await this.#deps.bus.subscribe(this.#options.topic, this.#options.group, {
      onAssigned: (reader) => this.#own(reader),
      onRevoked: (partition) => this.#stopped(partition),
    });
  }

  /** Works off what stands in the audio log now, then stops. Producers must have stopped before. */
  async close(): Promise<void> {
    const loops = [...this.#running.keys()];
    await Promise.all(loops.map((loop) => loop.finishAt()));
    await Promise.all(loops.filter((loop) => !loop.finished).map((loop) => this.#running.get(loop)));
    await this.#subscription?.close();
    await Promise.all(this.#running.values());
  }

  #own(reader: PartitionReader): void {
    const { parts, decode, nowMs, observer } = this.#deps;
    const table = new CallTable(parts, this.#options.leg);
    const loop = new PartitionLoop(reader, table, decode, this.#options, nowMs, observer);
    const run = loop
      .run()
      .catch((error: unknown) => observer.onFatal(error))
      .finally(() => this.#running.delete(loop));
    this.#running.set(loop, run);
  }

  async #stopped(partition: number): Promise<void> {
    const loops = [...this.#running].filter(([loop]) => loop.partition === partition);
    await Promise.all(loops.map(([, run]) => run));
  }
}
