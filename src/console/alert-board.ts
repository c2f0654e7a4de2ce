import type { Alert } from '../timeline/index.js';

/** One alert from its cause to its end. */
export interface AlertStory {
  readonly alertId: string;
  readonly raised: Alert | undefined;
  readonly ended: Alert | undefined;
}

/** The newest alerts, in the order in which they were first heard of. Bounded. */
export class AlertBoard {
  readonly #stories = new Map<string, AlertStory>();
  readonly #maxAlerts: number;

  constructor(maxAlerts: number) {
    this.#maxAlerts = maxAlerts;
  }

  add(alert: Alert): void {
    const known = this.#stories.get(alert.alertId);
    this.#stories.set(alert.alertId, {
      alertId: alert.alertId,
      raised: alert.state === 'raised' ? alert : known?.raised,
      ended: alert.state === 'ended' ? alert : known?.ended,
    });
    if (this.#stories.size > this.#maxAlerts) this.#dropOldest();
  }

  dropCall(callId: string): void {
    for (const story of this.#stories.values()) {
      if ((story.raised ?? story.ended)?.callId === callId) this.#stories.delete(story.alertId);
    }
  }

  /** Newest first. */
  stories(): AlertStory[] {
    return [...this.#stories.values()].reverse();
  }

  #dropOldest(): void {
    for (const alertId of this.#stories.keys()) {
      this.#stories.delete(alertId);
      return;
    }
  }
}
