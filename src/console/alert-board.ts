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
      // An end that is older belongs to an earlier call of the same id, which counts its alerts anew; one that is
      // newer was only told first.
      const known = this.#stories.get(alertId)?.ended;
      const ended = known !== undefined && known.emittedAt >= alert.emittedAt ? known : undefined;
      this.#stories.delete(alertId);
      this.#stories.set(alertId, { alertId, raised: alert, ended });
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
