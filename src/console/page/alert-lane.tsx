import type { JSX } from 'preact';
import type { AlertStory } from '../alert-board.js';
import { clockOf } from './format.js';

/** From when to when each alert of the call was active. */
export function AlertLane(props: {
  readonly alerts: readonly AlertStory[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}): JSX.Element | null {
  const { alerts, fromMs, toMs, nowMs } = props;
  if (alerts.length === 0) return null;
  const place = (ms: number): number => Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));
  return (
    <div class="lane">
      <span class="lane-name">Alerts</span>
      <div class="alert-lane" data-testid="alert-lane">
        {alerts.map(({ alertId, raised, ended }) => {
          if (raised === undefined) return null;
          const left = place(raised.mediaMs);
          const width = Math.max(0.6, place(ended?.mediaMs ?? nowMs) - left);
          return (
            <span
              key={alertId}
              class={`alert-bar alert-${raised.severity}`}
              style={{ left: `${left}%`, width: `${width}%` }}
              title={`${clockOf(raised.mediaMs)} ${raised.reason}`}
            />
          );
        })}
      </div>
    </div>
  );
}
