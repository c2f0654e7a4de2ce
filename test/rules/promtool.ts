import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { ALERTS, RULES, rulesOf } from '../../deploy/source/rules/rules.js';
import type { Scenario } from './scenarios.js';

/** What promtool complains of; nothing where all is well. */
export function promtool(...args: readonly string[]): Promise<string> {
  return promisify(execFile)('promtool', args, { maxBuffer: 2 ** 24 }).then(
    () => '',
    ({ stdout, stderr, message }) => `${stdout}${stderr}` || message,
  );
}

export const nameOf = ({ alert, severity }: Pick<Scenario, 'alert' | 'severity'>) => `${alert}-${severity}`;

/**
 * Runs scenarios, each against its alert alone.
 * @param thresholdOf what an alert compares with; undefined leaves it as it is
 * @returns names of scenarios that come out wrong
 */
export async function wrongScenarios(
  folder: string,
  scenarios: readonly Scenario[],
  thresholdOf: (scenario: Scenario) => number | undefined,
): Promise<readonly string[]> {
  const files = scenarios.map((scenario) => writeTests(folder, scenario, thresholdOf(scenario)));
  const said = await promtool('test', 'rules', ...files);
  if (said !== '' && !said.includes('FAILED')) throw new Error(said);
  const complaints = said.matchAll(/alertname=\\"(\w+)\\",severity=\\"(\w+)\\"/g);
  const failed = new Set([...complaints].map(([, alert, severity]) => `${alert}-${severity}`));
  return scenarios.map(nameOf).filter((name) => failed.has(name));
}

function writeTests(folder: string, scenario: Scenario, threshold: number | undefined): string {
  const name = nameOf(scenario);
  const known = ALERTS.find(
    (alert) => alert.name === scenario.alert && alert.severity === scenario.severity,
  )!;
  const changed = threshold === undefined ? known : { ...known, threshold };
  const rules = join(folder, `${name}.rules.yaml`);
  writeFileSync(rules, stringify(rulesOf([changed])));
  const file = join(folder, `${name}.tests.yaml`);
  writeFileSync(file, stringify(unitTests(scenario, rules)));
  return file;
}

/** promtool's unit tests: how many alerts of this name and severity fire at the end of each. */
function unitTests(scenario: Scenario, rules: string) {
  const { alert, severity, bad, good, steps, stepMinutes = 1, lookEvery = 1 } = scenario;
  const firing = `count(ALERTS{alertname="${alert}",severity="${severity}",alertstate="firing"}) or vector(0)`;
  const lastLook = Math.floor((steps - 1) / lookEvery) * lookEvery * stepMinutes;
  const expectFiring = (series: Scenario['bad'][number], value: number) => ({
    interval: `${stepMinutes}m`,
    input_series: series,
    promql_expr_test: [{ expr: firing, eval_time: `${lastLook}m`, exp_samples: [{ labels: '{}', value }] }],
  });
  return {
    rule_files: [rules],
    // Alerts look at what was recorded at the same moment.
    group_eval_order: RULES.groups.map(({ name }) => name),
    evaluation_interval: `${stepMinutes * lookEvery}m`,
    tests: [
      ...bad.map((series) => expectFiring(series, 1)),
      ...good.map((series) => expectFiring(series, 0)),
    ],
  };
}
