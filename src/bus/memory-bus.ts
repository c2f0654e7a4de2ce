import type { Clock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import type {
  Bus,
  BusRecord,
  NewRecord,
  PartitionListener,
  RecordPosition,
  ResultRecord,
  Subscription,
  TopicSettings,
} from './bus.js';
import { MemoryFollower } from './memory-follower.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryPartition } from './memory-partition.js';
import { type BusObserver, SILENT_BUS_OBSERVER } from './observer.js';
import { partitionOfKey } from './partitioner.js';

export interface MemoryBusOptions {
  readonly topics: Readonly<Record<string, TopicSettings>>;
  readonly clock: Clock;
  /** Largest record: key, headers and value together. Default 1 MiB, as Kafka's brokers. */
  readonly maxRecordBytes?: number;
  readonly observer?: BusObserver;
}

/** What one partition holds at the moment; the figures behind the gauges of the bus. */
export interface PartitionUsage {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
  readonly bytes: number;
  /** Appends that wait for room. */
  readonly waitingAppends: number;
}

export interface MemoryBus extends Bus {
  usage(): readonly PartitionUsage[];
}

const DEFAULT_MAX_RECORD_BYTES = 1_048_576;

/** The bus inside one process: bounded, nothing on disk, gone with the process. */
export function createMemoryBus(options: MemoryBusOptions): MemoryBus {
  return new InProcessBus(options);
}

interface Topic {
  readonly partitions: readonly MemoryPartition[];
  readonly groups: Map<string, MemoryGroup>;
  readonly followers: Set<MemoryFollower>;
  readonly maxRecordBytes: number;
}

class InProcessBus implements MemoryBus {
  readonly #topics: ReadonlyMap<string, Topic>;
  #open = false;

  constructor(options: MemoryBusOptions) {
    const entries = Object.entries(options.topics);
    this.#topics = new Map(entries.map(([name, settings]) => [name, createTopic(name, settings, options)]));
  }

  async start(): Promise<void> {
    this.#open = true;
  }

  async close(): Promise<void> {
    this.#open = false;
    const topics = [...this.#topics.values()];
    const partitions = topics.flatMap((topic) => topic.partitions);
    for (const partition of partitions) partition.close(closedError(partition.topic));
    const groups = topics.flatMap((topic) => [...topic.groups.values()]);
    const followers = topics.flatMap((topic) => [...topic.followers]);
    await Promise.all([...groups, ...followers].map((reading) => reading.close()));
    for (const partition of partitions) partition.release();
  }

  partitionCount(topic: string): number {
    return this.#topic(topic).partitions.length;
  }

  partitionOf(topic: string, key: string): number {
    return partitionOfKey(key, this.partitionCount(topic));
  }

  async append(topic: string, record: NewRecord): Promise<RecordPosition> {
    const { partitions } = this.#openTopic(topic);
    return this.#appendTo(topic, partitionOfKey(record.key, partitions.length), record);
  }

  async subscribe(topic: string, group: string, listener: PartitionListener): Promise<Subscription> {
    const { partitions, groups } = this.#openTopic(topic);
    const joined = groups.get(group) ?? new MemoryGroup(group, partitions, this.#write);
    groups.set(group, joined);
    const leave = await joined.join(listener);
    return { close: leave };
  }

  async follow(topic: string, sinceMs: number, listener: PartitionListener): Promise<Subscription> {
    const { partitions, followers } = this.#openTopic(topic);
    const follower = new MemoryFollower(partitions, sinceMs, listener);
    followers.add(follower);
    return {
      close: async () => {
        followers.delete(follower);
        await follower.close();
      },
    };
  }

  async scan(
    topic: string,
    partition: number,
    sinceMs: number,
    onRecords: (records: readonly BusRecord[]) => void,
  ): Promise<void> {
    const source = this.#openTopic(topic).partitions[partition]!;
    const { records } = source.slice(source.offsetSince(sinceMs), Number.POSITIVE_INFINITY);
    if (records.length > 0) onRecords(records);
  }

  usage(): readonly PartitionUsage[] {
    const partitions = [...this.#topics.values()].flatMap((topic) => topic.partitions);
    return partitions.map(({ topic, index, usage }) => ({ topic, partition: index, ...usage }));
  }

  /** Whatever may be refused is refused before the first is written. */
  readonly #write = async (partition: number, results: readonly ResultRecord[]): Promise<void> => {
    for (const { topic, ...record } of results) checkSize(this.#openTopic(topic), topic, record);
    await Promise.all(results.map(({ topic, ...record }) => this.#appendTo(topic, partition, record)));
  };

  async #appendTo(name: string, partition: number, record: NewRecord): Promise<RecordPosition> {
    const topic = this.#openTopic(name);
    return topic.partitions[partition]!.append(record, checkSize(topic, name, record));
  }

  #topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic) return topic;
    const declared = [...this.#topics.keys()].join(', ');
    throw new UndertoneError('UT_BUS_UNKNOWN_TOPIC', `"${name}" is none of the topics ${declared}.`, {
      place: name,
    });
  }

  #openTopic(name: string): Topic {
    const topic = this.#topic(name);
    if (!this.#open) throw closedError(name);
    return topic;
  }
}

function createTopic(name: string, settings: TopicSettings, options: MemoryBusOptions): Topic {
  const { clock, observer = SILENT_BUS_OBSERVER, maxRecordBytes = DEFAULT_MAX_RECORD_BYTES } = options;
  const partitions = Array.from(
    { length: settings.partitions },
    (_, index) => new MemoryPartition(name, index, settings, clock, observer),
  );
  return {
    partitions,
    groups: new Map(),
    followers: new Set(),
    maxRecordBytes: Math.min(maxRecordBytes, settings.maxBytesPerPartition),
  };
}

function closedError(topic: string): UndertoneError {
  return new UndertoneError('UT_BUS_CLOSED', 'the bus is not open.', { place: topic });
}

/** @returns the record's bytes */
function checkSize({ maxRecordBytes }: Topic, place: string, record: NewRecord): number {
  const bytes = recordBytes(record);
  if (bytes <= maxRecordBytes) return bytes;
  const detail = `the record of key ${record.key} has ${bytes} bytes, the limit is ${maxRecordBytes}.`;
  throw new UndertoneError('UT_BUS_RECORD_TOO_LARGE', detail, { place });
}

/** Text counts a byte a character, which is what memory it takes for the ASCII that keys and headers are. */
function recordBytes({ key, value, headers }: NewRecord): number {
  let bytes = key.length + (value?.byteLength ?? 0);
  for (const name of Object.keys(headers)) bytes += name.length + headers[name]!.length;
  return bytes;
}
