import { UndertoneError } from '../../errors.js';

/**
 * What a check found. `remedy` is a command or an instruction; it stands on everything that is not `ok`. A `warning` is
 * something that hurts one day: it does not stop a start.
 */
export interface Finding {
  readonly status: 'ok' | 'missing' | 'failed' | 'warning';
  readonly detail: string;
  readonly remedy?: string;
  /** Where there is one for it: what the process itself would say. */
  readonly code?: string;
}

export interface Check {
  readonly name: string;
  /** Optional things may be missing; what they are needed for stands in `neededFor`. */
  readonly neededFor: string;
  readonly required: boolean;
  /** How long it may take, ms, where it has a lot to do. Default 20 000. */
  readonly limitMs?: number;
  run(): Promise<Finding> | Finding;
}

export interface CheckResult extends Finding {
  readonly name: string;
  readonly required: boolean;
  readonly neededFor: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail });
export const failed = (detail: string, remedy: string): Finding => ({ status: 'failed', detail, remedy });
export const missing = (detail: string, remedy: string): Finding => ({ status: 'missing', detail, remedy });
export const warning = (detail: string, remedy: string): Finding => ({ status: 'warning', detail, remedy });

/** No check waits longer for a server that does not answer. */
const LIMIT_MS = 20_000;

/** Runs checks one after the other; one that throws, or takes too long, has failed. */
export async function runChecks(checks: readonly Check[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { name, required, neededFor } = check;
    results.push({ name, required, neededFor, ...(await outcomeOf(check)) });
  }
  return results;
}

async function outcomeOf(check: Check): Promise<Finding> {
  const { limitMs = LIMIT_MS } = check;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const finding = failed(
      `no answer within ${limitMs / 1000} s`,
      'See whether the server hangs, or a firewall drops what is sent to it.',
    );
    timer = setTimeout(() => resolve(finding), limitMs);
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch (error) {
    return findingOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** An error as a finding: with its code and its remedy where it is one of Undertone's. */
export function findingOf(error: unknown): Finding {
  if (!(error instanceof UndertoneError))
    return failed(error instanceof Error ? error.message : String(error), 'Follow the message.');
  const place = error.place === undefined ? '' : ` (${error.place})`;
  return { ...failed(`${error.code}: ${error.detail}${place}`, error.remedy), code: error.code };
}

/** Whether something that is needed for serving failed. */
export function isBroken(results: readonly CheckResult[]): boolean {
  return results.some(({ required, status }) => required && status !== 'ok' && status !== 'warning');
}
