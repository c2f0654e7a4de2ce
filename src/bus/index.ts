export type {
  Bus,
  BusRecord,
  BusWriter,
  NewRecord,
  PartitionListener,
  PartitionReader,
  RecordPosition,
  ResultRecord,
  Subscription,
  TopicSettings,
} from './bus.js';
export { type AclAdmin, createAclAdmin, type Grant } from './kafka/acl-admin.js';
export type { ClientLogEntry, KafkaClientOptions, KafkaSaslOptions } from './kafka/client-options.js';
export { type ClusterProbe, createClusterProbe } from './kafka/cluster-probe.js';
export type { KafkaDriver, TopicDefinition } from './kafka/driver.js';
export { createKafkaBus, createKafkaDriver, type DriverName, type KafkaOptions } from './kafka/index.js';
export type { KafkaBus } from './kafka/kafka-bus.js';
export { type KafkaObserver, SILENT_KAFKA_OBSERVER } from './kafka/observer.js';
export { describeRight, type KafkaRight } from './kafka/rights.js';
export { createTopicAdmin, type FoundTopic, type TopicAdmin } from './kafka/topic-admin.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions, type PartitionUsage } from './memory-bus.js';
export { type BusObserver, SILENT_BUS_OBSERVER } from './observer.js';
export { partitionOfKey } from './partitioner.js';
