import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALERTS } from '../../deploy/source/rules/rules.js';
import { nameOf, promtool, wrongScenarios } from '../rules/promtool.js';
import { SCENARIOS } from '../rules/scenarios.js';
import { ROOT } from '../structure/project-files.js';
import { describeWith } from '../support/requirements.js';

const RULES = join(ROOT, 'deploy', 'prometheus', 'undertone.rules.yaml');
const LIMIT_MS = 120_000;

describeWith(['prometheus'], 'the rules for Prometheus', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-rules-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are valid', async () => {
    expect(await promtool('check', 'rules', RULES)).toBe('');
  });

  it('have a scenario for each alert', () => {
    const alerts = ALERTS.map(({ name, severity }) => nameOf({ alert: name, severity }));
    expect(SCENARIOS.map(nameOf).sort()).toEqual(alerts.sort());
  });

  it('fire when they should, and only then', { timeout: LIMIT_MS }, async () => {
    expect(await wrongScenarios(folder, SCENARIOS, () => undefined)).toEqual([]);
  });

  it.each([
    ['low', 0],
    ['high', 1],
  ] as const)('are told from rules with too %s a threshold', { timeout: LIMIT_MS }, async (_, index) => {
    const noticed = await wrongScenarios(folder, SCENARIOS, ({ wrong }) => wrong[index]);
    expect(noticed).toEqual(SCENARIOS.map(nameOf));
  });
});
