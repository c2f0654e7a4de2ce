import type { ResultRecord } from '../../bus/index.js';
import type {
  AnalysisState,
  CallAnalysis,
  CallState,
  DueWindow,
  LegProgress,
  Outbox,
  WindowHole,
} from '../../calls/index.js';
import type { CallEnded, Leg } from '../../ingest/index.js';
import { maskPhoneNumbers } from '../../phone-numbers.js';
import { EVENT_TYPES } from '../../sink/index.js';
import { type OpenSpan, TRACEPARENT, type TraceParent, type Tracer } from '../../telemetry/index.js';
import { type TakenRecord, WindowTrace } from './window-trace.js';

/** What the analyses of a worker share. */
export interface TracedAnalysisDeps {
  readonly tracer: Tracer;
  readonly nowMs: () => number;
  /** The newest record that was taken, where its call is traced. */
  readonly taken: () => TakenRecord | null;
  /** The model is about to be asked about this window. */
  readonly asks: (input: Float32Array, window: WindowTrace) => void;
  /** Calls `tell`; what is told meanwhile belongs to the span. */
  readonly telling: (span: TraceParent, alert: OpenSpan<'alert'> | null, tell: () => void) => void;
}

interface UnderWay {
  readonly trace: WindowTrace;
  readonly isSilent: boolean;
}

/**
 * An analysis of one call that makes spans of the windows whose last record came in a trace. What it does to the call is
 * what the one inside does; its points and alerts carry the header `traceparent`.
 */
export class TracedAnalysis implements CallAnalysis {
  readonly #inside: CallAnalysis;
  readonly #deps: TracedAnalysisDeps;
  readonly #callId: string;
  readonly #model: string;
  /** By the id of the point to come. Each gets a point or a hole. */
  readonly #underWay = new Map<string, UnderWay>();
  /** What an alert hangs on: the window that was told last, before the first one the newest record. */
  #last: TraceParent | null = null;

  /** @param create makes the analysis inside, which tells its results to the outbox that it is given */
  constructor(
    call: { readonly callId: string; readonly model: string },
    outbox: Outbox,
    deps: TracedAnalysisDeps,
    create: (outbox: Outbox) => CallAnalysis,
  ) {
    this.#callId = call.callId;
    this.#model = call.model;
    this.#deps = deps;
    this.#inside = create({ add: (result, onWritten) => this.#add(outbox, result, onWritten) });
  }

  window(leg: Leg, window: DueWindow): void {
    const taken = this.#taken();
    if (taken !== null) this.#begin(taken, leg, window);
    this.#inside.window(leg, window);
  }

  announce(legs: readonly Leg[]): void {
    this.#inside.announce(legs);
  }

  hole(leg: Leg, hole: WindowHole): void {
    this.#inside.hole(leg, hole);
  }

  voice(leg: Leg, block: number, voiced: boolean): void {
    this.#inside.voice(leg, block, voiced);
  }

  progress(leg: Leg, progress: LegProgress): void {
    this.#last ??= this.#taken()?.parent ?? null;
    this.#inside.progress(leg, progress);
  }

  end(reason: CallEnded['reason']): void {
    this.#inside.end(reason);
  }

  settled(): Promise<void> {
    return this.#inside.settled();
  }

  get summaryDue(): boolean {
    return this.#inside.summaryDue;
  }

  summarize(state: CallState | null): void {
    this.#inside.summarize(state);
  }

  state(): AnalysisState {
    return this.#inside.state();
  }

  /** The newest record, if it is one of this call. */
  #taken(): TakenRecord | null {
    const taken = this.#deps.taken();
    return taken?.callId === this.#callId ? taken : null;
  }

  #begin(taken: TakenRecord, leg: Leg, { windowIndex, input }: DueWindow): void {
    const { tracer, nowMs, asks } = this.#deps;
    const window = { callId: maskPhoneNumbers(this.#callId), leg, windowIndex, model: this.#model };
    const trace = new WindowTrace(tracer, taken, window, nowMs());
    this.#underWay.set(`${this.#callId}/${leg}/${windowIndex}`, { trace, isSilent: input === null });
    if (input !== null) asks(input, trace);
  }

  #add(outbox: Outbox, result: ResultRecord, onWritten: () => void): void {
    const { ce_id: id = '', ce_type: type } = result.headers;
    const window = this.#underWay.get(id);
    if (window !== undefined) this.#addWindow(outbox, id, window, result, onWritten);
    else if (type === EVENT_TYPES.alert && this.#last !== null)
      this.#addAlert(outbox, this.#last, result, onWritten);
    else outbox.add(result, onWritten);
  }

  #addWindow(
    outbox: Outbox,
    id: string,
    { trace, isSilent }: UnderWay,
    result: ResultRecord,
    onWritten: () => void,
  ): void {
    const { nowMs, telling } = this.#deps;
    const isLost = result.headers.ce_type === EVENT_TYPES.hole;
    const { traceparent } = trace.span;
    this.#underWay.delete(id);
    this.#last = traceparent;
    trace.made(nowMs(), isLost ? 'error' : isSilent ? 'silent' : 'classified');
    outbox.add(withParent(result, traceparent), () => {
      trace.committed(nowMs(), isLost);
      telling(traceparent, null, onWritten);
    });
  }

  #addAlert(outbox: Outbox, window: TraceParent, result: ResultRecord, onWritten: () => void): void {
    const { tracer, nowMs, telling } = this.#deps;
    const alert = tracer.start('alert', window, nowMs(), {});
    outbox.add(withParent(result, alert.traceparent), () => {
      telling(alert.traceparent, alert, onWritten);
      alert.end(nowMs());
    });
  }
}

function withParent(result: ResultRecord, traceparent: TraceParent): ResultRecord {
  return { ...result, headers: { ...result.headers, [TRACEPARENT]: traceparent } };
}
