/** What a check found. `remedy` is a command or an instruction; it stands on everything that is not `ok`. */
export interface Finding {
  readonly status: 'ok' | 'missing' | 'failed';
  readonly detail: string;
  readonly remedy?: string;
}

export interface Check {
  readonly name: string;
  /** Optional things may be missing; what they are needed for stands in `neededFor`. */
  readonly neededFor: string;
  readonly required: boolean;
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

/** Runs checks one after the other; one that throws has failed. */
export async function runChecks(checks: readonly Check[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { name, required, neededFor } = check;
    results.push({ name, required, neededFor, ...(await outcomeOf(check)) });
  }
  return results;
}

async function outcomeOf(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), 'Follow the message.');
  }
}

/** Whether something that is needed for serving failed. */
export function isBroken(results: readonly CheckResult[]): boolean {
  return results.some((result) => result.required && result.status !== 'ok');
}
