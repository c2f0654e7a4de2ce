import type { KafkaClientOptions } from './client-options.js';
import type { TopicDefinition } from './driver.js';

/** A topic as it stands on the cluster. */
export interface FoundTopic {
  readonly partitions: number;
  /** Copies of each partition; of unequal ones the fewest. */
  readonly replicationFactor: number;
  /** All settings, those at their defaults too. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Looks at topics and makes them, for `undertone topics`. It always speaks through kafkajs, whatever driver the bus
 * has: node-rdkafka can't read the settings of a topic.
 */
export interface TopicAdmin {
  connect(): Promise<void>;
  close(): Promise<void>;
  /** Topics that don't exist are missing from the answer. */
  describe(topics: readonly string[]): Promise<ReadonlyMap<string, FoundTopic>>;
  /** Returns when the brokers know them. Topics that exist already are left as they are. */
  create(topics: readonly TopicDefinition[]): Promise<void>;
  /** Changes some settings of a topic; what else is set on it stays. */
  alter(topic: string, settings: Readonly<Record<string, string>>): Promise<void>;
}

export async function createTopicAdmin(options: KafkaClientOptions): Promise<TopicAdmin> {
  const { KafkajsTopicAdmin } = await import('./kafkajs/topic-admin.js');
  return new KafkajsTopicAdmin(options);
}
