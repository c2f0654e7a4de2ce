import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ConfigEntries } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { KafkaClientOptions } from '../client-options.js';
import type { TopicDefinition } from '../driver.js';
import type { FoundTopic, TopicAdmin } from '../topic-admin.js';
import { createClient } from './connection.js';
import { fromKafkajs } from './errors.js';

const TOPIC_RESOURCE = 2;
/** Where a setting comes from: the topic itself, not a default of the brokers. */
const SET_ON_TOPIC = 1;
const SERVED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

type Layout = Omit<FoundTopic, 'settings'>;

export class KafkajsTopicAdmin implements TopicAdmin {
  readonly #admin: Admin;
  readonly #brokers: string;

  constructor(options: KafkaClientOptions) {
    this.#admin = createClient(options, 'short').admin();
    this.#brokers = options.brokers.join(', ');
  }

  connect(): Promise<void> {
    return ask(this.#brokers, () => this.#admin.connect());
  }

  async close(): Promise<void> {
    await this.#admin.disconnect().catch(() => undefined);
  }

  async describe(topics: readonly string[]): Promise<ReadonlyMap<string, FoundTopic>> {
    const found = new Map<string, FoundTopic>();
    for (const topic of topics) {
      const layout = await this.#layoutOf(topic);
      if (layout !== null) found.set(topic, { ...layout, settings: await this.#settingsOf(topic) });
    }
    return found;
  }

  async create(topics: readonly TopicDefinition[]): Promise<void> {
    await ask(topics.map(({ name }) => name).join(', '), async () => {
      await this.#admin.createTopics({ topics: topics.map(toTopicConfig), waitForLeaders: false });
    });
    for (const { name } of topics) await this.#untilServed(name);
  }

  /** The request that kafkajs knows replaces everything that is set on the topic, so what is to stay is said again. */
  async alter(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const entries = await this.#entriesOf(topic);
    const set = entries.filter(({ configSource }) => configSource === SET_ON_TOPIC);
    const kept = Object.fromEntries(set.map(({ configName, configValue }) => [configName, configValue]));
    const configEntries = Object.entries({ ...kept, ...settings }).map(([name, value]) => ({ name, value }));
    const resources = [{ type: TOPIC_RESOURCE, name: topic, configEntries }];
    await ask(topic, () => this.#admin.alterConfigs({ validateOnly: false, resources }));
  }

  /** kafkajs itself waits for leaders, but takes a broker that has not heard of the topic yet for a failure. */
  async #untilServed(topic: string): Promise<void> {
    for (let waitedMs = 0; waitedMs < SERVED_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
      if ((await this.#layoutOf(topic)) !== null) return;
      await sleep(LOOK_EVERY_MS);
    }
    const detail = `It was created, but no broker serves it after ${SERVED_WITHIN_MS / 1000} s.`;
    throw new UndertoneError('UT_KAFKA_FAILED', detail, { place: topic, retriable: true });
  }

  /** Asked topic by topic, because one that is missing fails the whole question. */
  async #layoutOf(topic: string): Promise<Layout | null> {
    try {
      const { topics } = await ask(topic, () => this.#admin.fetchTopicMetadata({ topics: [topic] }));
      const partitions = topics[0]!.partitions;
      const replicationFactor = Math.min(...partitions.map(({ replicas }) => replicas.length));
      return { partitions: partitions.length, replicationFactor };
    } catch (error) {
      if (error instanceof UndertoneError && error.code === 'UT_KAFKA_TOPIC_MISSING') return null;
      throw error;
    }
  }

  async #settingsOf(topic: string): Promise<Readonly<Record<string, string>>> {
    const entries = await this.#entriesOf(topic);
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  }

  async #entriesOf(topic: string): Promise<readonly ConfigEntries[]> {
    const resources = [{ type: TOPIC_RESOURCE, name: topic }];
    const { resources: answers } = await ask(topic, () =>
      this.#admin.describeConfigs({ resources, includeSynonyms: false }),
    );
    return answers[0]?.configEntries ?? [];
  }
}

function toTopicConfig({ name, partitions, replicationFactor, settings }: TopicDefinition) {
  const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
  return { topic: name, numPartitions: partitions, replicationFactor, configEntries };
}

interface CreationError {
  readonly topic: string;
  readonly type: string;
}

async function ask<T>(place: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    const [first] = ((error as { errors?: readonly CreationError[] }).errors ??
      []) as readonly CreationError[];
    if (first === undefined) throw fromKafkajs(error, place);
    throw creationError(first);
  }
}

/** Of several topics that could not be created, the first. */
function creationError(error: CreationError): UndertoneError {
  const known = fromKafkajs(error, error.topic);
  if (error.type !== 'INVALID_REPLICATION_FACTOR') return known;
  const remedy = 'Set `bus.kafka.replicationFactor` to the number of brokers at most.';
  return new UndertoneError(known.code, known.detail, { place: error.topic, cause: error, remedy });
}
