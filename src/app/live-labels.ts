import type { ResultObserver } from '../sink/index.js';
import type { Metrics } from '../telemetry/index.js';
import type { Point } from '../timeline/index.js';

type Label = NonNullable<Point['label']>;

/**
 * Which live call is heard how now. The agent's leg is left out: nobody's work is judged, not even in a sum.
 *
 * Always holds: the gauge's sum is the number of calls remembered; a call is remembered from its first labelled point
 * until it ends, is erased or leaves this process, so no more than are live here.
 */
export class LiveLabels {
  readonly #labels = new Map<string, Label>();
  readonly #gauge: Metrics['callsByLabel'];

  constructor(metrics: Pick<Metrics, 'callsByLabel'>) {
    this.#gauge = metrics.callsByLabel;
  }

  readonly point: ResultObserver['point'] = ({ callId, leg, label }) => {
    if (leg === 'agent' || label === null) return;
    this.forget(callId);
    this.#labels.set(callId, label);
    this.#gauge.inc({ label });
  };

  /** The call is over, or somebody else's. */
  forget(callId: string): void {
    const label = this.#labels.get(callId);
    if (label === undefined) return;
    this.#labels.delete(callId);
    this.#gauge.dec({ label });
  }
}
