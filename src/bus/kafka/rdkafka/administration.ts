import type { KafkaClientOptions } from '../client-options.js';
import { createTopicAdmin, type TopicAdmin } from '../topic-admin.js';

/**
 * Topics are made and looked at through kafkajs: node-rdkafka cannot read settings, and ends its administration client
 * on the event loop. `driverOptions` are librdkafka's, and not for kafkajs.
 */
export async function administer<T>(
  options: KafkaClientOptions,
  work: (admin: TopicAdmin) => Promise<T>,
): Promise<T> {
  const admin = await createTopicAdmin({ ...options, driverOptions: {} });
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.close();
  }
}
