import type { ResultObserver } from '../sink/index.js';
import type { Metrics } from '../telemetry/index.js';
import type { Point } from '../timeline/index.js';
import type { NamedQueues } from './named-queues.js';

/** The series that a call stands in. */
interface Heard {
  readonly label: NonNullable<Point['label']>;
  readonly queue: string;
}

/**
 * Which live call is heard how now. The agent's leg is left out: nobody's work is judged, not even in a sum.
 *
 * Always holds: the gauge's sum is the number of calls remembered; a call is remembered from its first labelled point
 * until it ends, is erased or leaves this process, so no more than are live here.
 */
export class LiveLabels {
  readonly #heard = new Map<string, Heard>();
  readonly #gauge: Metrics['callsByLabel'];
  readonly #queues: NamedQueues;

  constructor(metrics: Pick<Metrics, 'callsByLabel'>, queues: NamedQueues) {
    this.#gauge = metrics.callsByLabel;
    this.#queues = queues;
  }

  readonly point: ResultObserver['point'] = ({ callId, leg, label }, _delayMs, queue) => {
    if (leg === 'agent' || label === null) return;
    this.forget(callId);
    const heard = { label, queue: this.#queues.of(queue) };
    this.#heard.set(callId, heard);
    this.#gauge.inc(heard);
  };

  /** The call is over, or somebody else's. */
  forget(callId: string): void {
    const heard = this.#heard.get(callId);
    if (heard === undefined) return;
    this.#heard.delete(callId);
    this.#gauge.dec(heard);
  }
}
