import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { tfjsIsInstalled } from '../../src/training/tfjs.js';
import { chromiumPath } from '../browser/support/chromium.js';
import { pythonIsReady } from './python.js';

/** Where the speech corpora lie, if they do. */
export const CORPORA =
  process.env.UNDERTONE_CORPORA ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url));

/** What lies outside the repository, how to see whether it is there, and what brings it. */
const REQUIREMENTS = {
  chromium: { isThere: () => chromiumPath() !== undefined, bring: 'apt-get install chromium' },
  python: { isThere: pythonIsReady, bring: 'node scripts/setup-python.mjs' },
  tfjs: { isThere: tfjsIsInstalled, bring: 'node scripts/install-tfjs.mjs' },
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
