import type { BusRecord } from '../../bus/index.js';
import type { CallParts } from '../../calls/index.js';
import type { Clock } from '../../clock.js';
import type { Classifier } from '../../inference/index.js';
import type { RedisObserver, ResultObserver } from '../../sink/index.js';
import { type OpenSpan, TRACEPARENT, type TraceParent, type Tracer } from '../../telemetry/index.js';
import { TracedAnalysis } from './traced-analysis.js';
import type { TakenRecord, WindowTrace } from './window-trace.js';

type PublishedKind = 'point' | 'alert';

/** A result of this span is being told. */
interface Telling {
  readonly span: TraceParent;
  readonly alert: OpenSpan<'alert'> | null;
}

interface Told {
  readonly kind: PublishedKind;
  readonly parent: TraceParent;
  readonly atMs: number;
}

/**
 * Spans of what the worker does, made by wrapping what it is put together from. A call is traced where its records say so.
 *
 * Always holds: a record is decoded and taken in one go, so that a window that becomes due meanwhile is due to that
 * record; results are told in one go after their commit.
 */
export class WorkerTraces {
  readonly #tracer: Tracer;
  readonly #nowMs: () => number;
  #taken: TakenRecord | null = null;
  /** The span whose result is told just now. */
  #telling: Telling | null = null;
  readonly #asked = new WeakMap<Float32Array, WindowTrace>();
  /** By the results themselves: what Redis never answers is forgotten with them. */
  readonly #told = new WeakMap<object, Told>();

  constructor(tracer: Tracer, clock: Pick<Clock, 'nowMs'>) {
    this.#tracer = tracer;
    this.#nowMs = () => clock.nowMs();
  }

  decoder<T>(decode: (record: BusRecord) => T): (record: BusRecord) => T {
    return (record) => {
      this.#taken = this.#takenOf(record);
      return decode(record);
    };
  }

  parts(parts: CallParts): CallParts {
    const deps = {
      tracer: this.#tracer,
      nowMs: this.#nowMs,
      taken: () => this.#taken,
      asks: (input: Float32Array, window: WindowTrace) => void this.#asked.set(input, window),
      telling: (span: TraceParent, alert: OpenSpan<'alert'> | null, tell: () => void) =>
        this.#tell({ span, alert }, tell),
    };
    return {
      ...parts,
      createAnalysis: (call, origin, outbox, state) =>
        new TracedAnalysis({ callId: call.callId, model: parts.model }, outbox, deps, (traced) =>
          parts.createAnalysis(call, origin, traced, state),
        ),
    };
  }

  /** @param queued windows that wait for the classifier, or that it has */
  classifier(classifier: Classifier, queued: () => number): Classifier {
    return {
      labels: classifier.labels,
      start: () => classifier.start(),
      close: () => classifier.close(),
      classify: (input, onComputed) => {
        const window = this.#asked.get(input);
        this.#asked.delete(input);
        return window === undefined
          ? classifier.classify(input, onComputed)
          : this.#classify(classifier, input, window, queued());
      },
    };
  }

  /** To be told before whoever publishes. */
  readonly results: ResultObserver = {
    point: (point) => this.#toBePublished('point', point),
    alert: (alert) => {
      this.#telling?.alert?.set({
        'undertone.alert.rule': alert.rule,
        'undertone.alert.severity': alert.severity,
        'undertone.alert.state': alert.state,
      });
      this.#toBePublished('alert', alert);
    },
    hole: () => undefined,
    summary: () => undefined,
    erased: () => undefined,
  };

  /** @param observer is told everything as before */
  redis(observer: RedisObserver): RedisObserver {
    return {
      ...observer,
      published: (kind, result) => {
        if (result !== undefined) this.#answered(result, 'published');
        observer.published(kind, result);
      },
      dropped: (kind, reason, result) => {
        this.#answered(result, reason);
        observer.dropped(kind, reason, result);
      },
    };
  }

  #takenOf({ key, headers, partition, offset, timestampMs }: BusRecord): TakenRecord | null {
    const parent = this.#tracer.sampled(headers[TRACEPARENT]);
    if (parent === null) return null;
    return { callId: key, parent, partition, offset, arrivedAtMs: timestampMs, takenAtMs: this.#nowMs() };
  }

  async #classify(
    classifier: Classifier,
    input: Float32Array,
    window: WindowTrace,
    queued: number,
  ): Promise<Float32Array> {
    let computedMs = 0;
    try {
      return await classifier.classify(input, (ms) => {
        computedMs = ms;
      });
    } finally {
      window.answered(this.#nowMs(), queued, computedMs);
    }
  }

  #tell(telling: Telling, tell: () => void): void {
    this.#telling = telling;
    try {
      tell();
    } finally {
      this.#telling = null;
    }
  }

  #toBePublished(kind: PublishedKind, result: object): void {
    if (this.#telling === null) return;
    this.#told.set(result, { kind, parent: this.#telling.span, atMs: this.#nowMs() });
  }

  #answered(result: object, outcome: string): void {
    const told = this.#told.get(result);
    if (told === undefined) return;
    this.#told.delete(result);
    this.#tracer.record('publish', told.parent, [told.atMs, this.#nowMs()], {
      'undertone.publish.kind': told.kind,
      'undertone.publish.outcome': outcome,
    });
  }
}
