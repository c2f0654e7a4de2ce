import type { Alert } from './alert.js';
import { OBJECTIVES, type Objective, type Range, ratioName } from './objectives.js';

/**
 * A budget for 30 days burns `factor` times too fast, over a long range and still over a short one: the long one keeps a
 * short trouble from waking anybody, the short one ends the alert soon after the trouble.
 */
function burns(objective: Objective, factor: number, long: Range, short: Range): string {
  const limit = Number((factor * objective.budget).toPrecision(6));
  return `(${ratioName(objective, long)} > ${limit} and ${ratioName(objective, short)} > ${limit})`;
}

/** 2 % of the budget in an hour; or, 2.4 times slower, 5 % in six hours. */
const FAST = 14.4;
const LESS_FAST = 6 / FAST;
/** 10 % of the budget in three days: it would be used up in 30. */
const SLOW = 1;

function burnAlerts(name: string, objective: Objective, summary: string): readonly Alert[] {
  return [
    {
      name,
      summary,
      severity: 'page',
      threshold: FAST,
      expr: (factor) =>
        `${burns(objective, factor, '1h', '5m')} or ${burns(objective, factor * LESS_FAST, '6h', '30m')}`,
      holdsFor: '2m',
    },
    {
      name,
      summary,
      severity: 'ticket',
      threshold: SLOW,
      expr: (factor) => burns(objective, factor, '3d', '6h'),
      holdsFor: '15m',
    },
  ];
}

export const BURN_ALERTS: readonly Alert[] = [
  ...burnAlerts(
    'UndertoneWindowDelay',
    OBJECTIVES.windowDelay,
    'Emotions come late: {{ $value | humanizePercentage }} of the windows took longer than half a second.',
  ),
  ...burnAlerts(
    'UndertoneWindowsLost',
    OBJECTIVES.windowsLost,
    'Timelines have holes: {{ $value | humanizePercentage }} of the windows were skipped or failed.',
  ),
  ...burnAlerts(
    'UndertoneFeedsRefused',
    OBJECTIVES.feedsRefused,
    'Calls are not analysed: {{ $value | humanizePercentage }} of the feeds were turned away for want of room.',
  ),
];
