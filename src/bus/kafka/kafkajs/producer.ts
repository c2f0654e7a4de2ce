import type { ICustomPartitioner, Kafka, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import type { RecordPosition } from '../../bus.js';
import type { DriverProducer, PlacedRecord } from '../driver.js';
import { fromKafkajs } from './errors.js';
import { toMessage } from './records.js';

/**
 * An idempotent producer. One send at a time, so that a partition's order is that of the sends.
 *
 * After a failed send kafkajs does not know any more which sequence numbers the broker has seen, and a number used
 * twice would be a record silently lost: the producer is spent then, and a new one (with a new producer id) follows.
 */
export class KafkajsProducer implements DriverProducer {
  #producer: Producer | undefined;

  constructor(readonly client: Kafka) {}

  async connect(): Promise<void> {
    const producer = this.client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: placed,
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw fromKafkajs(error, 'the producer');
    }
    this.#producer = producer;
  }

  async send(records: readonly PlacedRecord[]): Promise<readonly RecordPosition[]> {
    if (this.#producer === undefined) await this.connect();
    const topicMessages = groupByTopic(records);
    try {
      return positionsOf(records, await this.#producer!.sendBatch({ topicMessages, acks: -1 }));
    } catch (error) {
      await this.close();
      throw fromKafkajs(error, topicMessages.map(({ topic }) => topic).join(', '));
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

/** Every record says where it goes. */
export const placed: ICustomPartitioner = () => {
  return ({ message }) => message.partition!;
};

export function groupByTopic(records: readonly PlacedRecord[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages['messages']>();
  for (const record of records) {
    const messages = topics.get(record.topic);
    if (messages === undefined) topics.set(record.topic, [toMessage(record)]);
    else messages.push(toMessage(record));
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

/** The broker tells the first offset of each partition's records; the others follow it. */
function positionsOf(records: readonly PlacedRecord[], answers: readonly RecordMetadata[]): RecordPosition[] {
  const next = new Map(
    answers.map(({ topicName, partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)]),
  );
  return records.map(({ topic, partition }) => {
    const place = `${topic}/${partition}`;
    const offset = next.get(place) ?? -1;
    next.set(place, offset + 1);
    return { partition, offset };
  });
}
