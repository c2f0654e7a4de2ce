import { Cluster } from 'ioredis';
import type { RedisClient } from './client.js';

/** Name and arguments. */
export type Command = readonly [name: string, ...args: (string | number)[]];

const NO_ANSWER = [new Error('The pipeline was given up.')] as const;

/**
 * Sends commands together and waits for every answer; takes as long as the client allows an answer to be overdue.
 * @returns for each command null or why it failed
 */
export async function sendBatch(
  client: RedisClient,
  commands: readonly Command[],
): Promise<(Error | null)[]> {
  if (client instanceof Cluster) return Promise.all(commands.map((command) => sendOne(client, command)));
  const answers = await client.pipeline(commands.map((command) => [...command])).exec();
  return commands.map((_, i) => (answers?.[i] ?? NO_ANSWER)[0]);
}

/** A cluster redirects each command by itself; a pipeline would have to stay on one node. */
async function sendOne(client: Cluster, [name, ...args]: Command): Promise<Error | null> {
  try {
    await client.call(name, ...args);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
