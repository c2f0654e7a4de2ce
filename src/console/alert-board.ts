import type { Alert } from '../timeline/index.js';

/** One alert from its cause to its end. */
export interface AlertStory {
  readonly alertId: string;
  readonly raised: Alert | undefined;
  readonly ended: Alert | undefined;
}

/** The newest alerts, in the order in which they were raised. Bounded. */
export class AlertBoard {
  readonly #stories = new Map<string, AlertStory>();
  readonly #maxAlerts: number;

  constructor(maxAlerts: number) {
    this.#maxAlerts = maxAlerts;
  }

  add(alert: Alert): void {
    const { alertId } = alert;
    if (alert.state === 'raised') {
      // A call that begins again under its old id counts its alerts anew.
      this.#stories.delete(alertId);
      this.#stories.set(alertId, { alertId, raised: alert, ended: undefined });
    } else {
      const raised = this.#stories.get(alertId)?.raised;
      this.#stories.set(alertId, { alertId, raised, ended: alert });
    }
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
