import type { RedisConfig } from '../../config/index.js';
import { createSubscriber, redisError, redisPlace, redisTls } from '../../sink/index.js';
import type { RedisProbe } from './redis-checks.js';

/** A connection as the product makes it, that gives up at the first trouble. */
export function openRedisProbe(config: RedisConfig): RedisProbe {
  const place = redisPlace(config);
  let client: ReturnType<typeof createSubscriber> | undefined;
  /** Why a connection failed is told here; the rejection says only that it is closed. */
  let reason: unknown;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      throw redisError(reason ?? error, place);
    }
  };
  return {
    connect: () =>
      ask(() => {
        client = createSubscriber(
          config,
          'undertone-doctor',
          redisTls(config, () => undefined),
          0,
        );
        client.on('error', (error) => {
          reason = error;
        });
        return client.connect();
      }),
    info: () => ask(() => client!.info()),
    async command(name, ...args) {
      reason = undefined;
      await ask(() => client!.call(name, ...args));
    },
    async close() {
      client?.disconnect();
    },
  };
}
