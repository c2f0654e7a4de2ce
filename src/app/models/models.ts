import type { CallModels, CallParts } from '../../calls/index.js';
import type { ModelConfig } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import type { HeldModel } from './load-model.js';

export interface ModelsObserver {
  /** From now on calls that begin have this model. */
  onCurrent(model: string): void;
  /** So many models are in memory. */
  onHeld(models: number): void;
  onChange(outcome: 'taken' | 'refused'): void;
  /** An earlier model did not close cleanly. */
  onCloseFailed(model: string, error: unknown): void;
}

export interface ModelsDeps {
  readonly load: (section: ModelConfig) => Promise<HeldModel>;
  /** What the calls under way are made with. */
  readonly inUse: () => ReadonlySet<CallParts>;
  readonly observer: ModelsObserver;
}

/**
 * The models of a process: the one of the calls that begin now, and earlier ones until the last call that has them is over.
 *
 * Always holds: whatever becomes of a change, there is a current model, and it is warm.
 */
export class Models implements CallModels {
  readonly #deps: ModelsDeps;
  #now: HeldModel;
  /** Newest first. */
  #earlier: readonly HeldModel[] = [];
  #lastChange: Promise<void> = Promise.resolve();
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(first: HeldModel, deps: ModelsDeps) {
    this.#now = first;
    this.#deps = deps;
  }

  get current(): CallParts {
    return this.#now.parts;
  }

  toGoOnWith({ model, frontEnd }: Parameters<CallModels['toGoOnWith']>[0]): CallParts | null {
    const fitting = this.#all.map(({ parts }) => parts).filter((parts) => parts.frontEnd === frontEnd);
    return fitting.find((parts) => parts.model === model) ?? fitting[0] ?? null;
  }

  /** Windows accepted or waiting, and not answered. */
  get queueDepth(): number {
    return this.#all.reduce((sum, held) => sum + held.queueDepth, 0);
  }

  /** Threads of all models in memory, those that calls under way still have included. */
  get threads(): number {
    return this.#all.reduce((sum, held) => sum + held.threads, 0);
  }

  async start(): Promise<void> {
    await this.#now.start();
    this.#announce();
  }

  /**
   * Takes another model for the calls that begin once it is warm. Changes come one after the other.
   *
   * @throws what loading and starting it throws; the model stays as it was
   */
  async change(section: ModelConfig): Promise<void> {
    const change = this.#lastChange.then(() => this.#change(section));
    this.#lastChange = change.catch(() => {});
    return change;
  }

  /** Lets go of earlier models that no call has any more. */
  retire(): void {
    if (this.#earlier.length === 0) return;
    const inUse = this.#deps.inUse();
    const idle = this.#earlier.filter(({ parts }) => !inUse.has(parts));
    if (idle.length === 0) return;
    this.#earlier = this.#earlier.filter((held) => !idle.includes(held));
    for (const held of idle) this.#close(held);
    this.#deps.observer.onHeld(this.#all.length);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#lastChange;
    await Promise.all([...this.#closing, ...this.#all.map((held) => held.close())]);
  }

  get #all(): readonly HeldModel[] {
    return [this.#now, ...this.#earlier];
  }

  async #change(section: ModelConfig): Promise<void> {
    const { observer } = this.#deps;
    try {
      await this.#takeIn(section);
      observer.onChange('taken');
    } catch (error) {
      observer.onChange('refused');
      throw error;
    }
  }

  async #takeIn(section: ModelConfig): Promise<void> {
    const next = await this.#deps.load(section);
    await next.start();
    if (this.#isClosed) {
      await next.close();
      throw new UndertoneError('UT_INFERENCE_CLOSED', 'the process is stopping.');
    }
    this.#earlier = [this.#now, ...this.#earlier];
    this.#now = next;
    this.#announce();
    this.retire();
  }

  #announce(): void {
    const { observer } = this.#deps;
    observer.onCurrent(this.current.model);
    observer.onHeld(this.#all.length);
  }

  #close(held: HeldModel): void {
    const closed = held
      .close()
      .catch((error: unknown) => this.#deps.observer.onCloseFailed(held.parts.model, error))
      .finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
