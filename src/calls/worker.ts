import type { PartitionReader, Subscription } from '../bus/index.js';
import { errorCodeOf, UndertoneError } from '../errors.js';
import { PartitionLoop, type PartitionLoopDeps, type PartitionLoopOptions } from './partition-loop.js';
import type { CallParts } from './ports.js';

export interface CallWorkerOptions extends PartitionLoopOptions {
  readonly topic: string;
  readonly group: string;
}

/** How often calls that have fallen silent are looked for. */
const SWEEP_MS = 1000;

/** Reads the audio log by its partitions, one loop each, and owns all state of the calls in them. */
export class CallWorker {
  readonly #options: CallWorkerOptions;
  readonly #deps: PartitionLoopDeps;
  readonly #running = new Map<PartitionLoop, Promise<void>>();
  #subscription: Subscription | null = null;
  #stopSweeping: () => void = () => {};

  constructor(options: CallWorkerOptions, deps: PartitionLoopDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** May be called again after it has failed. */
  async start(): Promise<void> {
    this.#subscription = await this.#deps.bus.subscribe(this.#options.topic, this.#options.group, {
      onAssigned: (reader) => this.#own(reader),
      onRevoked: (partition) => this.#stopped(partition),
    });
    this.#sweepAgain();
  }

  /**
   * Where the log outlives this process, hands the calls over after the batches under way. Where it does not, works
   * off what stands in it now; producers must have stopped before.
   */
  async close(): Promise<void> {
    this.#stopSweeping();
    const loops = [...this.#running.keys()];
    if (this.#options.takeOver === null) await Promise.all(loops.map((loop) => loop.finish()));
    else for (const loop of loops) loop.stop();
    await Promise.all(this.#running.values());
    await this.#subscription?.close();
    await Promise.all(this.#running.values());
  }

  /** What the calls under way are made with. */
  partsInUse(): ReadonlySet<CallParts> {
    return new Set([...this.#running.keys()].flatMap((loop) => loop.partsInUse));
  }

  #sweepAgain(): void {
    this.#stopSweeping = this.#deps.clock.setTimer(() => {
      for (const loop of this.#running.keys()) loop.sweep();
      this.#sweepAgain();
    }, SWEEP_MS);
  }

  #own(reader: PartitionReader): void {
    const loop = new PartitionLoop(reader, this.#options, this.#deps);
    const run = loop
      .run()
      .catch((error: unknown) => this.#failed(loop, error))
      .finally(() => {
        this.#running.delete(loop);
        this.#deps.observer.onReleased(loop.partition, loop.callIds);
      });
    this.#running.set(loop, run);
  }

  /** What the log does not tell is lost with the loop; whoever owns the partition next goes on from the log. */
  #failed(loop: PartitionLoop, error: unknown): void {
    const { observer } = this.#deps;
    const isLost =
      errorCodeOf(error) === 'UT_BUS_FENCED' || (error instanceof UndertoneError && error.retriable);
    if (!isLost) {
      observer.onFatal(error);
      return;
    }
    observer.onPartitionLost(loop.partition, error);
    // After a failed commit that has been done already; after any other failure nobody else would know.
    loop.abandon(error);
  }

  async #stopped(partition: number): Promise<void> {
    const loops = [...this.#running].filter(([loop]) => loop.partition === partition);
    for (const [loop] of loops) loop.stop();
    await Promise.all(loops.map(([, run]) => run));
  }
}
