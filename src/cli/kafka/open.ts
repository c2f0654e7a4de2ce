import { kafkajsOptionsOf, kafkaOptionsOf } from '../../app/kafka-options.js';
import {
  type AclAdmin,
  type Bus,
  createAclAdmin,
  createKafkaBus,
  createTopicAdmin,
  SILENT_KAFKA_OBSERVER,
  type TopicAdmin,
} from '../../bus/index.js';
import { systemClock as clock } from '../../clock.js';
import type { Config } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';

/**
 * Lends the bus of the configured cluster. A service would wait until somebody mends what is wrong; a command ends with
 * the first trouble that waiting does not mend, such as a right that is missing.
 */
export async function withBus<T>(config: Config, work: (bus: Bus) => Promise<T>): Promise<T> {
  let giveUp: (error: unknown) => void = () => undefined;
  const hopeless = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const failed = (error: unknown): void => {
    if (error instanceof UndertoneError && !error.retriable) giveUp(error);
  };
  const observer = { ...SILENT_KAFKA_OBSERVER, failed };
  const bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock, observer });
  try {
    await bus.start();
    return await Promise.race([work(bus), hopeless]);
  } finally {
    await bus.close();
  }
}

export async function withTopicAdmin<T>(config: Config, work: (admin: TopicAdmin) => Promise<T>): Promise<T> {
  return lend(await createTopicAdmin(kafkajsOptionsOf(config)), work);
}

export async function withAclAdmin<T>(config: Config, work: (admin: AclAdmin) => Promise<T>): Promise<T> {
  return lend(await createAclAdmin(kafkajsOptionsOf(config)), work);
}

async function lend<A extends { connect(): Promise<void>; close(): Promise<void> }, T>(
  admin: A,
  work: (admin: A) => Promise<T>,
): Promise<T> {
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.close();
  }
}
