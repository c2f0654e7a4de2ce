import { ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TracerObserver, TracerOptions } from './tracer.js';

/** Spans in one request: about 250 KB, compressed a tenth of it. */
export const MAX_BATCH_SPANS = 512;

/**
 * A bounded queue before an exporter, of which everything is counted.
 *
 * Always holds: every span that ended was exported, was dropped for a reason that was told, or waits; those that wait,
 * the ones in the exporter's hands not counted, are at most `maxQueuedSpans`.
 */
export class CountedExport implements SpanProcessor {
  readonly #observer: TracerObserver;
  readonly #maxQueued: number;
  readonly #batches: BatchSpanProcessor;
  #queued = 0;
  #underWay = 0;
  #isClosed = false;

  constructor(
    exporter: SpanExporter,
    {
      maxQueuedSpans,
      sendEveryMs,
      timeoutMs,
      observer,
    }: Pick<TracerOptions, 'maxQueuedSpans' | 'sendEveryMs' | 'timeoutMs' | 'observer'>,
  ) {
    this.#observer = observer;
    this.#maxQueued = maxQueuedSpans;
    this.#batches = new BatchSpanProcessor({
      exporter: this.#counted(exporter),
      maxQueueSize: maxQueuedSpans,
      maxExportBatchSize: Math.min(MAX_BATCH_SPANS, maxQueuedSpans),
      scheduledDelayMillis: sendEveryMs,
      // The exporter gives up by itself, and first.
      exportTimeoutMillis: 2 * timeoutMs,
    });
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#observer.ended();
    if (this.#isClosed || this.#queued >= this.#maxQueued) {
      this.#observer.dropped(this.#isClosed ? 'shutdown' : 'queue-full', 1);
      return;
    }
    this.#queued++;
    this.#batches.onEnd(span);
    this.#observer.queued(this.#queued);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  /** Resolves when all that waited was sent or refused; never rejects. */
  async shutdown(): Promise<void> {
    await this.#batches.shutdown().catch(() => undefined);
  }

  /** There is no time left: what is not sent by now counts as dropped. */
  giveUp(): void {
    const left = this.#queued + this.#underWay;
    this.#isClosed = true;
    this.#queued = 0;
    this.#underWay = 0;
    if (left > 0) this.#observer.dropped('shutdown', left);
    this.#observer.queued(0);
  }

  #counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, onResult) => {
        this.#queued = Math.max(0, this.#queued - spans.length);
        this.#underWay += spans.length;
        this.#observer.queued(this.#queued);
        exporter.export(spans, (result) => {
          if (!this.#isClosed) this.#settle(spans.length, result);
          onResult(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    };
  }

  #settle(spans: number, { code, error }: { readonly code: ExportResultCode; readonly error?: Error }): void {
    this.#underWay -= spans;
    if (code === ExportResultCode.SUCCESS) {
      this.#observer.exported(spans);
      return;
    }
    this.#observer.dropped('not-taken', spans);
    this.#observer.failed(error);
  }
}
