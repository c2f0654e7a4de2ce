import type { Bus } from '../bus/index.js';
import type { WindowHole } from '../calls/index.js';
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
  /** @param delayMs since the window's last audio reached the audio log */
  point(point: Point, delayMs: number): void;
  hole(hole: Hole): void;
  alert(alert: Alert): void;
  summary(summary: CallSummary): void;
}

export interface ResultWriterDeps {
  readonly bus: Bus;
  readonly topics: ResultTopics;
  /** Stands on every event: bundle name and the start of the model's hash. */
  readonly model: string;
  readonly nowMs: () => number;
  readonly observer: ResultObserver;
}

/** Writes one call's results to the result topics, each event with an id that is the same whenever it is made again. */
export class ResultWriter implements TimelineListener {
  readonly #call: CallStarted;
  readonly #deps: ResultWriterDeps;
  readonly #startedAt: string;
  #summaries = 0;

  constructor(call: CallStarted, deps: ResultWriterDeps) {
    this.#call = call;
    this.#deps = deps;
    this.#startedAt = this.#now();
  }

  async point(leg: Leg, entry: TimelineEntry, arrivedAtMs: number): Promise<void> {
    const { notice } = this.#call;
    const point: Point = {
      ...this.#origin(leg),
      ...entry,
      model: this.#deps.model,
      notice,
      emittedAt: this.#now(),
    };
    await this.#write('point', `${point.callId}/${leg}/${point.windowIndex}`, point, point.emittedAt);
    this.#deps.observer.point(point, this.#deps.nowMs() - arrivedAtMs);
  }

  async hole(leg: Leg, hole: WindowHole): Promise<void> {
    const event: Hole = { ...this.#origin(leg), ...hole, emittedAt: this.#now() };
    await this.#write('hole', `${event.callId}/${leg}/${event.fromWindowIndex}`, event, event.emittedAt);
    this.#deps.observer.hole(event);
  }

  async alert(entry: AlertEntry): Promise<void> {
    const { callId, tenant, queue } = this.#call;
    const alert: Alert = {
      callId,
      tenant,
      ...(queue === undefined ? {} : { queue }),
      ...entry,
      model: this.#deps.model,
      emittedAt: this.#now(),
    };
    await this.#write('alert', `${alert.alertId}/${alert.state}`, alert, alert.emittedAt);
    this.#deps.observer.alert(alert);
  }

  async summary(body: SummaryBody, ended: CallEnded['reason'] | undefined): Promise<void> {
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
    await this.#write('call', `${callId}/summary/${this.#summaries++}`, summary, this.#now());
    this.#deps.observer.summary(summary);
  }

  #origin(leg: Leg): Pick<Point, 'callId' | 'tenant' | 'leg'> {
    return { callId: this.#call.callId, tenant: this.#call.tenant, leg };
  }

  #now(): string {
    return new Date(this.#deps.nowMs()).toISOString();
  }

  async #write(kind: EventKind, id: string, event: object, time: string): Promise<void> {
    const { bus, topics } = this.#deps;
    const topic = kind === 'alert' ? topics.alerts : kind === 'call' ? topics.calls : topics.emotions;
    await bus.append(topic, cloudEvent(kind, id, this.#call.callId, time, event));
  }
}
