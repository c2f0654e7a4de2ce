import type { KafkaClientOptions } from '../client-options.js';
import type { KafkaDriver } from '../driver.js';
import { createKafkajsDriver } from '../kafkajs/index.js';

/**
 * Topics are created and their settings are read by kafkajs, which is always there: node-rdkafka cannot read settings,
 * and ends its administration client on the event loop. `driverOptions` are librdkafka's and not passed on.
 */
export async function administer<T>(
  options: KafkaClientOptions,
  work: (driver: KafkaDriver) => Promise<T>,
): Promise<T> {
  const driver = createKafkajsDriver({ ...options, driverOptions: {} });
  try {
    await driver.connect();
    return await work(driver);
  } finally {
    await driver.close();
  }
}
