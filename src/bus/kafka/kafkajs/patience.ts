import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 200;
const ATTEMPTS = 25;

/**
 * Joins a group whose coordinator may just have come up (a new cluster, a broker that was restarted) and still reads
 * what it has to know. kafkajs gives up on that at once.
 */
export async function joinPatiently<T>(join: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await join();
    } catch (error) {
      if (attempt === ATTEMPTS || !isLoading(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function isLoading(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { type, cause } = error as { readonly type?: unknown; readonly cause?: unknown };
  return type === 'GROUP_LOAD_IN_PROGRESS' || (cause !== error && isLoading(cause));
}
