import type { OpenSpan, TraceParent, Tracer } from '../../telemetry/index.js';

/** A record of a traced call, as the worker took it. */
export interface TakenRecord {
  readonly callId: string;
  /** Span of the gateway, or of another producer. */
  readonly parent: TraceParent;
  readonly partition: number;
  readonly offset: number;
  /** Wall clock at which it reached the audio log. */
  readonly arrivedAtMs: number;
  /** Wall clock at which this worker took it. */
  readonly takenAtMs: number;
}

/** Which window, and by which model it is heard. */
export interface TracedWindow {
  /** Masked. */
  readonly callId: string;
  readonly leg: string;
  readonly windowIndex: number;
  readonly model: string;
}

/** One window on its way from its last record to the commit of its point; each step begins where the one before ended. */
export class WindowTrace {
  readonly span: OpenSpan<'window'>;
  readonly #tracer: Tracer;
  #sinceMs: number;

  constructor(tracer: Tracer, record: TakenRecord, window: TracedWindow, nowMs: number) {
    this.#tracer = tracer;
    this.#sinceMs = nowMs;
    const { parent, partition, offset, arrivedAtMs, takenAtMs } = record;
    this.span = tracer.start('window', parent, arrivedAtMs, {
      'undertone.call.id': window.callId,
      'undertone.leg': window.leg,
      'undertone.window.index': window.windowIndex,
      'undertone.model': window.model,
      'undertone.partition': partition,
      'undertone.offset': offset,
    });
    tracer.record('read', this.span.traceparent, [arrivedAtMs, takenAtMs], {});
    tracer.record('features', this.span.traceparent, [takenAtMs, nowMs], {});
  }

  /**
   * The model has answered.
   *
   * @param queued windows that were before it when it was asked
   * @param computedMs of the time since, how long it was computed
   */
  answered(nowMs: number, queued: number, computedMs: number): void {
    const beganMs = Math.max(this.#sinceMs, nowMs - computedMs);
    const { traceparent } = this.span;
    this.#tracer.record('inference.wait', traceparent, [this.#sinceMs, beganMs], {
      'undertone.queue.windows': queued,
    });
    this.#tracer.record('inference.run', traceparent, [beganMs, nowMs], {});
    this.#sinceMs = nowMs;
  }

  /** Its point, or the hole in its place, waits for the commit. */
  made(nowMs: number, outcome: 'classified' | 'silent' | 'error'): void {
    this.span.set({ 'undertone.window.outcome': outcome });
    this.#step('timeline', nowMs);
  }

  committed(nowMs: number, failed: boolean): void {
    this.#step('commit', nowMs);
    this.span.end(nowMs, failed);
  }

  #step(name: 'timeline' | 'commit', nowMs: number): void {
    this.#tracer.record(name, this.span.traceparent, [this.#sinceMs, nowMs], {});
    this.#sinceMs = nowMs;
  }
}
