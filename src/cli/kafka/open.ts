import { kafkaClientOf, kafkaOptionsOf } from '../../app/kafka-options.js';
import { type Bus, createKafkaBus, createTopicAdmin, type TopicAdmin } from '../../bus/index.js';
import { systemClock as clock } from '../../clock.js';
import type { Config } from '../../config/index.js';

/** Lends the bus of the configured cluster; a command tries once and says what is wrong. */
export async function withBus<T>(config: Config, work: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock });
  try {
    await bus.start();
    return await work(bus);
  } finally {
    await bus.close();
  }
}

export async function withTopicAdmin<T>(config: Config, work: (admin: TopicAdmin) => Promise<T>): Promise<T> {
  const { driver, driverOptions } = config.bus.kafka;
  const admin = await createTopicAdmin({
    ...kafkaClientOf(config),
    // Those of another driver mean nothing to kafkajs.
    driverOptions: driver === 'kafkajs' ? driverOptions : {},
    onLog: () => undefined,
  });
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.close();
  }
}
