import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Consumer, Kafka, type KafkaMessage, logLevel } from 'kafkajs';

// Node.js sees only some names of this CommonJS package; these are not among them.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const READ_LIMIT_MS = 30_000;

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly settings?: Readonly<Record<string, string>>;
}

export interface StoredRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** Null where it has none. */
  readonly key: string | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Permission {
  readonly resource: 'topic' | 'group' | 'transactional-id' | 'cluster';
  readonly name: string;
  readonly operations: readonly (
    | 'all'
    | 'read'
    | 'write'
    | 'create'
    | 'describe'
    | 'describe-configs'
    | 'idempotent-write'
  )[];
}

const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
  cluster: AclResourceTypes.CLUSTER,
};

const OPERATIONS = {
  all: AclOperationTypes.ALL,
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  create: AclOperationTypes.CREATE,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
  'idempotent-write': AclOperationTypes.IDEMPOTENT_WRITE,
};

/** What tests do to a broker beside the product: on ports that ask for no credentials, whatever clients have to bring. */
export class KafkaAdmin {
  readonly #kafka: Kafka;

  /** @param brokers addresses of the internal listeners */
  constructor(brokers: readonly string[], retries = 15) {
    const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries };
    this.#kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry });
  }

  /** One question or order; anything that has no method here can be done this way. */
  async with<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Returns when brokers tell of them: what the controller has decided reaches them later. */
  async raisePartitions(topic: string, count: number): Promise<void> {
    await this.with(async (admin) => {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
      for (;;) {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        if (topics[0]?.partitions.length === count) return;
        await sleep(20);
      }
    });
  }

  /** Returns when each partition has a leader. */
  async createTopics(topics: readonly TopicPlan[]): Promise<void> {
    await this.with(async (admin) => {
      await admin.createTopics({
        waitForLeaders: false,
        topics: topics.map(({ name, partitions, settings = {} }) => ({
          topic: name,
          numPartitions: partitions,
          configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
        })),
      });
      for (const { name } of topics) await served(admin, name);
    });
  }

  async send(
    topic: string,
    records: readonly { key: string; value: string | Buffer; headers?: Record<string, string> }[],
  ): Promise<void> {
    const producer = this.#kafka.producer();
    try {
      await producer.connect();
      await producer.send({ topic, messages: records.map((record) => ({ ...record })) });
    } finally {
      await producer.disconnect();
    }
  }

  /**
   * All committed records that stand in a topic now, each partition in order of its offsets.
   * @throws where a transaction is still open after 30 s
   */
  async readAll(topic: string): Promise<readonly StoredRecord[]> {
    const ends = await this.#ends(topic);
    if (ends.size === 0) return [];
    const groupId = `test-reader-${randomUUID()}`;
    const consumer = this.#kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const records = await recordsUpTo(ends, consumer, topic);
      return records.sort((one, other) => one.partition - other.partition || one.offset - other.offset);
    } finally {
      await consumer.disconnect();
    }
  }

  /** Adds what one user may do, where the broker has `acls`. */
  async grant(user: string, permissions: readonly Permission[]): Promise<void> {
    const acl = permissions.flatMap(({ resource, name, operations }) =>
      operations.map((operation) => ({
        resourceType: RESOURCES[resource],
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: `User:${user}`,
        host: '*',
        operation: OPERATIONS[operation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    );
    await this.with((admin) => admin.createAcls({ acl }));
  }

  /** Takes everything away that was granted to a user. */
  async revoke(user: string): Promise<void> {
    const filter = {
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      principal: `User:${user}`,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    };
    await this.with((admin) => admin.deleteAcls({ filters: [filter] }));
  }

  /** The offset that follows, of each partition that holds something. */
  async #ends(topic: string): Promise<Map<number, number>> {
    const offsets = await this.with((admin) => admin.fetchTopicOffsets(topic));
    return new Map(
      offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]),
    );
  }
}

async function recordsUpTo(
  ends: ReadonlyMap<number, number>,
  consumer: Consumer,
  topic: string,
): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  const open = new Map(ends);

  const isRead = new Promise<void>((resolve, reject) => {
    const tooLate = () => reject(new Error(`${topic} could not be read to its end in ${READ_LIMIT_MS} ms.`));
    const timer = setTimeout(tooLate, READ_LIMIT_MS);
    // Also told of batches in which there is nothing to see: control records, aborted transactions.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (Number(lastOffset) >= (open.get(partition) ?? 0) - 1) open.delete(partition);
      if (open.size > 0) return;
      clearTimeout(timer);
      resolve();
    });
  });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      records.push(storedRecord(topic, partition, message));
    },
  });
  await isRead;
  return records;
}

/** kafkajs' own wait for leaders fails on a broker that has not heard of the topic yet. */
async function served(admin: Admin, topic: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await admin.fetchTopicMetadata({ topics: [topic] });
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

function storedRecord(topic: string, partition: number, message: KafkaMessage): StoredRecord {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key === null ? null : message.key.toString(),
    value: message.value,
    headers: Object.fromEntries(headers),
  };
}
