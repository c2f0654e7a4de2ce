import type { KafkaClientOptions } from './client-options.js';

/**
 * Tries what an installation needs of a cluster, for `undertone doctor`. Nothing it does leaves a trace: what it asks
 * the brokers to write is such that they refuse it once they have looked at the rights. It always speaks through
 * kafkajs, as `undertone topics` does.
 *
 * Whatever is not allowed throws UT_KAFKA_AUTHORIZATION.
 */
export interface ClusterProbe {
  connect(): Promise<void>;
  close(): Promise<void>;
  /** Addresses under which the cluster says that its brokers can be reached. */
  brokers(): Promise<readonly string[]>;
  /** Partitions of those topics that exist. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  tryRead(topic: string): Promise<void>;
  tryWrite(topic: string): Promise<void>;
  tryGroup(group: string, topic: string): Promise<void>;
  /** Begins an empty transaction and aborts it; whoever holds the id is fenced. */
  tryTransaction(transactionalId: string): Promise<void>;
  /** Whether a record of the topic bears a time after this one, by the clock of the brokers. */
  hasRecordAfter(topic: string, timeMs: number): Promise<boolean>;
}

export async function createClusterProbe(options: KafkaClientOptions): Promise<ClusterProbe> {
  const { KafkajsProbe } = await import('./kafkajs/probe.js');
  return new KafkajsProbe(options);
}
