export type {
  Bus,
  BusRecord,
  NewRecord,
  PartitionListener,
  PartitionReader,
  RecordPosition,
  Subscription,
  TopicSettings,
} from './bus.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions, type PartitionUsage } from './memory-bus.js';
export { type BusObserver, SILENT_BUS_OBSERVER } from './observer.js';
export { partitionOfKey } from './partitioner.js';
