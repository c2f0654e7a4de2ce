import type { KafkaClientOptions } from '../../src/bus/kafka/client-options.js';
import type { KafkaDriver } from '../../src/bus/kafka/driver.js';
import { createKafkaBusOn, type KafkaBus, type KafkaBusOptions } from '../../src/bus/kafka/kafka-bus.js';
import { createKafkajsDriver } from '../../src/bus/kafka/kafkajs/index.js';
import { createRdkafkaDriver } from '../../src/bus/kafka/rdkafka/index.js';
import { systemClock } from '../../src/clock.js';
import type { RequirementName } from './requirements.js';

export interface DriverUnderTest {
  readonly name: 'kafkajs' | 'node-rdkafka';
  readonly needs: readonly RequirementName[];
  create(options: KafkaClientOptions): KafkaDriver | Promise<KafkaDriver>;
  readonly abilities: { readonly holdsRevocation: boolean };
}

/** The drivers that every test of the Kafka bus is run with. */
export const DRIVERS: readonly DriverUnderTest[] = [
  { name: 'kafkajs', needs: ['kafka'], create: createKafkajsDriver, abilities: { holdsRevocation: false } },
  {
    name: 'node-rdkafka',
    needs: ['kafka', 'rdkafka'],
    create: createRdkafkaDriver,
    abilities: { holdsRevocation: true },
  },
];

export const CLIENT: Omit<KafkaClientOptions, 'brokers'> = {
  clientId: 'undertone-test',
  tls: null,
  sasl: null,
  sessionTimeoutMs: 6_000,
  transactionTimeoutMs: 30_000,
  driverOptions: {},
  onLog: () => undefined,
  onTlsFilesKept: () => undefined,
};

export const BUS: Omit<KafkaBusOptions, 'driver' | 'topics'> = {
  minPartitions: 1,
  clock: systemClock,
  instanceId: null,
  transactions: true,
  lingerMs: 5,
  maxBufferedRecords: 10_000,
  maxBufferedBytes: 16 * 1024 * 1024,
  readAheadRecords: 1_000,
  readAheadBytes: 8 * 1024 * 1024,
  maxRecordBytes: 1_000_000,
  sessionTimeoutMs: 6_000,
  drainTimeoutMs: 3_000,
};

/** A bus that has not been started. */
export async function kafkaBusOn(
  driver: DriverUnderTest,
  bootstrap: string,
  options: Pick<KafkaBusOptions, 'topics'> &
    Partial<KafkaBusOptions> & { readonly client?: Partial<KafkaClientOptions> },
): Promise<KafkaBus> {
  const { client, ...bus } = options;
  const created = await driver.create({ ...CLIENT, brokers: bootstrap.split(','), ...client });
  return createKafkaBusOn({ ...BUS, driver: created, ...bus });
}
