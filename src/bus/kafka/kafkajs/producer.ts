import type { ICustomPartitioner, Kafka, Producer, TopicMessages } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
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
    try {
      return positionsOf(records, await this.#sendAll(records));
    } catch (error) {
      await this.close();
      throw fromKafkajs(error, [...new Set(records.map(({ topic }) => topic))].join(', '));
    }
  }

  /**
   * The first offset of each partition's records. kafkajs asks each broker once: where a partition moves, during a send,
   * to a broker that has answered for others already, kafkajs comes back without having sent it.
   */
  async #sendAll(records: readonly PlacedRecord[]): Promise<Map<string, number>> {
    const offsets = new Map<string, number>();
    for (let left = records; left.length > 0; ) {
      const answers = await this.#producer!.sendBatch({ topicMessages: groupByTopic(left), acks: -1 });
      for (const { topicName, partition, baseOffset } of answers)
        offsets.set(`${topicName}/${partition}`, Number(baseOffset));
      const unanswered = left.filter((record) => !offsets.has(placeOf(record)));
      if (unanswered.length === left.length) throw unansweredError(unanswered);
      left = unanswered;
    }
    return offsets;
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

/** A partition's records follow its first offset, in their order. */
function positionsOf(
  records: readonly PlacedRecord[],
  firstOffsets: ReadonlyMap<string, number>,
): RecordPosition[] {
  const next = new Map(firstOffsets);
  return records.map((record) => {
    const offset = next.get(placeOf(record))!;
    next.set(placeOf(record), offset + 1);
    return { partition: record.partition, offset };
  });
}

function unansweredError(records: readonly PlacedRecord[]): UndertoneError {
  const places = [...new Set(records.map(placeOf))].join(', ');
  return new UndertoneError('UT_KAFKA_FAILED', 'no broker answered for it.', {
    place: places,
    retriable: true,
  });
}

const placeOf = ({ topic, partition }: PlacedRecord): string => `${topic}/${partition}`;
