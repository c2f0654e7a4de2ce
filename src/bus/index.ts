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
