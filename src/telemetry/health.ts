import type { Metrics, PartName } from './metrics/index.js';

export interface PartHealth {
  readonly live: boolean;
  readonly ready: boolean;
  /** Pieces of work taken and not finished. */
  readonly outstanding: number;
  /** Why the part is not ready or not live. */
  readonly reason?: string;
}

export interface HealthReport {
  readonly live: boolean;
  readonly ready: boolean;
  readonly parts: Readonly<Partial<Record<PartName, PartHealth>>>;
}

/**
 * Health of a process: liveness watches progress, not heartbeats.
 *
 * Always holds: a part without outstanding work is live, however long it has been idle; a part with outstanding work is
 * live while no more than `stalledAfterMs` has passed since it last finished a piece, or since it took the first one.
 */
export class Health {
  readonly #nowMs: () => number;
  readonly #stalledAfterMs: number;
  readonly #parts = new Map<PartName, PartWatch>();

  constructor(options: { readonly nowMs: () => number; readonly stalledAfterMs: number }) {
    this.#nowMs = options.nowMs;
    this.#stalledAfterMs = options.stalledAfterMs;
  }

  /** The watch of a part, made on first use; a part is not ready until it says so. */
  part(name: PartName): PartWatch {
    const known = this.#parts.get(name);
    if (known !== undefined) return known;
    const watch = new PartWatch(this.#nowMs);
    this.#parts.set(name, watch);
    return watch;
  }

  report(): HealthReport {
    const reports = [...this.#parts].map(
      ([name, watch]) => [name, watch.report(this.#stalledAfterMs)] as const,
    );
    return {
      live: reports.every(([, part]) => part.live),
      ready: reports.length > 0 && reports.every(([, part]) => part.live && part.ready),
      parts: Object.fromEntries(reports),
    };
  }
}

/** What one part says of itself. */
export class PartWatch {
  readonly #nowMs: () => number;
  #outstanding = 0;
  #progressMs = 0;
  #notReady: string | undefined = 'starting';

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  ready(): void {
    this.#notReady = undefined;
  }

  /** @param reason for people: `draining`, `loading the model` */
  notReady(reason: string): void {
    this.#notReady = reason;
  }

  /** Work was accepted. */
  taken(pieces = 1): void {
    if (this.#outstanding === 0) this.#progressMs = this.#nowMs();
    this.#outstanding += pieces;
  }

  /** Work that was accepted is done, well or badly. */
  finished(pieces = 1): void {
    this.#outstanding = Math.max(0, this.#outstanding - pieces);
    this.#progressMs = this.#nowMs();
  }

  /** What was taken is somebody else's work now. */
  idle(): void {
    this.finished(this.#outstanding);
  }

  report(stalledAfterMs: number): PartHealth {
    const quietMs = this.#outstanding === 0 ? 0 : this.#nowMs() - this.#progressMs;
    const live = quietMs <= stalledAfterMs;
    const stalled = `nothing finished for ${Math.round(quietMs / 1000)} s`;
    const reason = live ? this.#notReady : stalled;
    const ready = this.#notReady === undefined;
    return { live, ready, outstanding: this.#outstanding, ...(reason === undefined ? {} : { reason }) };
  }
}

/** To be called before each scrape. */
export function publishHealth({ parts }: HealthReport, metrics: Pick<Metrics, 'partReady'>): void {
  for (const [part, { live, ready }] of Object.entries(parts) as [PartName, PartHealth][]) {
    metrics.partReady.set({ part }, live && ready ? 1 : 0);
  }
}
