import type { CallState, Json, Outbox, WindowHole } from '../calls/index.js';
import type { CallEnded, CallStarted, Leg } from '../ingest/index.js';
import type {
  Alert,
  AlertEntry,
  CallSummary,
  Hole,
  Point,
  SummaryBody,
  TimelineEntry,
  TimelineListener,
} from '../timeline/index.js';
import { cloudEvent, type EventKind } from './cloud-event.js';

export interface ResultTopics {
  readonly emotions: string;
  readonly calls: string;
  readonly alerts: string;
}

/** Hears of each event once it is written. */
export interface ResultObserver {
  /**
   * @param delayMs since the window's last audio reached the audio log
   * @param queue that the feed named
   */
  point(point: Point, delayMs: number, queue: string | undefined): void;
  hole(hole: Hole): void;
  alert(alert: Alert): void;
  summary(summary: CallSummary): void;
  erased(callId: string): void;
}

export interface ResultWriterDeps {
  readonly topics: ResultTopics;
  /** Stands on every event: bundle name and the start of the model's hash. */
  readonly model: string;
  readonly nowMs: () => number;
  readonly observer: ResultObserver;
}

/** What a writer hands to the one that goes on with its call elsewhere. */
interface WriterState {
  readonly startedAt: string;
  readonly summaries: number;
}

/** Makes events of one call's results, each with an id that is the same whenever it is made again. */
export class ResultWriter implements TimelineListener {
  readonly #call: CallStarted;
  readonly #origin: string;
  readonly #outbox: Outbox;
  readonly #deps: ResultWriterDeps;
  readonly #startedAt: string;
  #summaries: number;

  /**
   * @param origin record of the audio log that began the call, `topic/partition/offset`
   * @param state what {@link state} gave, to go on from there
   */
  constructor(call: CallStarted, origin: string, outbox: Outbox, deps: ResultWriterDeps, state?: Json) {
    const past = state as unknown as WriterState | undefined;
    this.#call = call;
    this.#origin = origin;
    this.#outbox = outbox;
    this.#deps = deps;
    this.#startedAt = past?.startedAt ?? this.#now();
    this.#summaries = past?.summaries ?? 0;
  }

  point(leg: Leg, entry: TimelineEntry, arrivedAtMs: number): void {
    const { nowMs, observer, model } = this.#deps;
    const { notice, queue } = this.#call;
    const point: Point = { ...this.#identity(leg), ...entry, model, notice, emittedAt: this.#now() };
    this.#add('point', `${point.callId}/${leg}/${point.windowIndex}`, point, point.emittedAt, () =>
      observer.point(point, nowMs() - arrivedAtMs, queue),
    );
  }

  hole(leg: Leg, hole: WindowHole): void {
    const event: Hole = { ...this.#identity(leg), ...hole, emittedAt: this.#now() };
    this.#add('hole', `${event.callId}/${leg}/${event.fromWindowIndex}`, event, event.emittedAt, () =>
      this.#deps.observer.hole(event),
    );
  }

  alert(entry: AlertEntry): void {
    const { callId, tenant, queue } = this.#call;
    const alert: Alert = {
      callId,
      tenant,
      ...(queue === undefined ? {} : { queue }),
      ...entry,
      model: this.#deps.model,
      emittedAt: this.#now(),
    };
    this.#add('alert', `${alert.alertId}/${alert.state}`, alert, alert.emittedAt, () =>
      this.#deps.observer.alert(alert),
    );
  }

  summary(body: SummaryBody, ended: CallEnded['reason'] | undefined, state: CallState | null): void {
    const { callId, tenant, feed, queue, synthetic, notice } = this.#call;
    const summary: CallSummary = {
      callId,
      tenant,
      state: ended === undefined ? 'live' : 'ended',
      ...(ended === undefined ? {} : { endReason: ended }),
      feed,
      ...(queue === undefined ? {} : { queue }),
      ...(synthetic === undefined ? {} : { synthetic }),
      notice,
      model: this.#deps.model,
      ...body,
      startedAt: this.#startedAt,
      ...(ended === undefined ? {} : { endedAt: this.#now() }),
    };
    const id = `${callId}/summary/${this.#summaries++}`;
    const written = () => this.#deps.observer.summary(summary);
    this.#add(
      'call',
      id,
      summary,
      this.#now(),
      written,
      state === null ? {} : { state: JSON.stringify(state) },
    );
  }

  /** The summary that carries this state is counted in it. */
  state(): Json {
    const state: WriterState = { startedAt: this.#startedAt, summaries: this.#summaries + 1 };
    return { ...state };
  }

  #identity(leg: Leg): Pick<Point, 'callId' | 'tenant' | 'leg'> {
    return { callId: this.#call.callId, tenant: this.#call.tenant, leg };
  }

  #now(): string {
    return new Date(this.#deps.nowMs()).toISOString();
  }

  #add(
    kind: EventKind,
    id: string,
    event: object,
    time: string,
    onWritten: () => void,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const { topics } = this.#deps;
    const topic = kind === 'alert' ? topics.alerts : kind === 'call' ? topics.calls : topics.emotions;
    const record = cloudEvent(kind, { id, callId: this.#call.callId, origin: this.#origin, time }, event);
    this.#outbox.add({ topic, ...record, headers: { ...record.headers, ...headers } }, onWritten);
  }
}
