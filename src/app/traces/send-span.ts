import type { NewRecord } from '../../bus/index.js';
import type { OpenSpan, TraceParent, Tracer } from '../../telemetry/index.js';

/** An append that is under way. */
interface Appending {
  /** Goes out with the record. */
  readonly traceparent: TraceParent;
  /** The bus has answered. */
  appended(atMs: number, failed?: boolean): void;
}

/**
 * One span for a few records in a row of a call. It ends with the last answer of the bus; without a record there is no
 * span.
 */
export class SendSpan {
  readonly startMs: number;
  readonly #tracer: Tracer;
  readonly #call: TraceParent;
  #span: OpenSpan<'send'> | null = null;
  #records = 0;
  #bytes = 0;
  #underWay = 0;
  #longestMs = 0;
  #lastMs: number;
  #failed = false;
  #closed = false;

  constructor(tracer: Tracer, call: TraceParent, startMs: number) {
    this.#tracer = tracer;
    this.#call = call;
    this.startMs = startMs;
    this.#lastMs = startMs;
  }

  append({ value }: NewRecord, nowMs: number): Appending {
    this.#span ??= this.#tracer.start('send', this.#call, nowMs, {});
    this.#records++;
    this.#bytes += value?.byteLength ?? 0;
    this.#underWay++;
    return {
      traceparent: this.#span.traceparent,
      appended: (atMs, failed = false) => {
        this.#underWay--;
        this.#longestMs = Math.max(this.#longestMs, atMs - nowMs);
        this.#lastMs = atMs;
        this.#failed ||= failed;
        this.#endIfDone();
      },
    };
  }

  /** No record will be added. */
  close(): void {
    this.#closed = true;
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (!this.#closed || this.#underWay > 0) return;
    this.#span?.set({
      'undertone.records': this.#records,
      'undertone.bytes': this.#bytes,
      'undertone.longest_append_ms': this.#longestMs,
    });
    this.#span?.end(this.#lastMs, this.#failed);
  }
}
