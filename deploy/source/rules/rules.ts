import { type Alert, alertRule } from './alert.js';
import { BURN_ALERTS } from './burn-alerts.js';
import { OBJECTIVES, type Objective, RANGES, ratioName } from './objectives.js';
import { PLAIN_ALERTS } from './plain-alerts.js';

export const ALERTS: readonly Alert[] = [...BURN_ALERTS, ...PLAIN_ALERTS];

/** The rule file; groups are evaluated as often as Prometheus is told to, globally. */
export function rulesOf(alerts: readonly Alert[]) {
  const records = Object.values(OBJECTIVES).flatMap((objective: Objective) =>
    RANGES.map((range) => ({ record: ratioName(objective, range), expr: objective.errorRatio(range) })),
  );
  return {
    groups: [
      { name: 'undertone-objectives', rules: records },
      { name: 'undertone-alerts', rules: alerts.map(alertRule) },
    ],
  };
}

export const RULES = rulesOf(ALERTS);
