import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { rdkafkaIsInstalled } from '../../src/bus/kafka/rdkafka/load.js';
import { tfjsIsInstalled } from '../../src/inference/tfjs/load.js';
import { chromiumPath } from '../browser/support/chromium.js';
import { pythonIsReady } from './python.js';

/** Where the speech corpora lie, if they do. */
export const CORPORA =
  process.env.UNDERTONE_CORPORA ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url));

const SETUP_KAFKA = fileURLToPath(new URL('../../scripts/setup-kafka.mjs', import.meta.url));
const SETUP_DEPLOY_TOOLS = fileURLToPath(new URL('../../scripts/setup-deploy-tools.mjs', import.meta.url));

function succeeds(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** What lies outside the repository, how to see whether it is there, and what brings it. */
const REQUIREMENTS = {
  chromium: { isThere: () => chromiumPath() !== undefined, bring: 'apt-get install chromium' },
  python: { isThere: pythonIsReady, bring: 'node scripts/setup-python.mjs' },
  tfjs: { isThere: tfjsIsInstalled, bring: 'node scripts/install-tfjs.mjs' },
  kafka: {
    isThere: () => succeeds(process.execPath, SETUP_KAFKA, '--check'),
    bring: 'node scripts/setup-kafka.mjs',
  },
  rdkafka: { isThere: rdkafkaIsInstalled, bring: 'node scripts/install-rdkafka.mjs' },
  jdk: { isThere: () => succeeds('javac', '-version'), bring: 'apt-get install default-jdk-headless' },
  redis: {
    isThere: () => succeeds('redis-server', '--version') && succeeds('redis-cli', '--version'),
    bring: 'apt-get install redis-server',
  },
  'deploy-tools': {
    isThere: () => succeeds(process.execPath, SETUP_DEPLOY_TOOLS, '--check'),
    bring: 'node scripts/setup-deploy-tools.mjs',
  },
  prometheus: {
    isThere: () => succeeds('prometheus', '--version') && succeeds('promtool', '--version'),
    bring: 'apt-get install prometheus',
  },
  corpora: {
    isThere: () => existsSync(CORPORA),
    bring: 'put the speech corpora into ../shared/corpora, or set UNDERTONE_CORPORA',
  },
} as const;
export type RequirementName = keyof typeof REQUIREMENTS;

export interface Requirement {
  readonly available: boolean;
  /** For the title of a suite that is skipped. */
  readonly skipReason: string;
}

export function requirement(name: RequirementName): Requirement {
  const { isThere, bring } = REQUIREMENTS[name];
  return { available: isThere(), skipReason: `needs ${name}: ${bring}` };
}

/** A suite that is skipped, saying why, where something is missing; with CI=true that is a failure. */
export function describeWith(names: readonly RequirementName[], title: string, suite: () => void): void {
  const missing = names.map(requirement).filter(({ available }) => !available);
  const reasons = missing.map(({ skipReason }) => skipReason).join('; ');
  if (missing.length === 0) describe(title, suite);
  else if (process.env.CI !== 'true') describe.skip(`${title} (${reasons})`, suite);
  else {
    test(title, () => {
      throw new Error(`Nothing may be skipped here: ${reasons}.`);
    });
  }
}
