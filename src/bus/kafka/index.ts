import type { KafkaClientOptions } from './client-options.js';
import type { KafkaDriver } from './driver.js';
import { createKafkaBusOn, type KafkaBus, type KafkaBusOptions } from './kafka-bus.js';
import { SILENT_KAFKA_OBSERVER } from './observer.js';

export type DriverName = KafkaDriver['name'];

export interface KafkaOptions extends Omit<KafkaBusOptions, 'driver' | 'sessionTimeoutMs'> {
  readonly driver: DriverName;
  readonly client: Omit<KafkaClientOptions, 'onLog' | 'onTlsFilesKept'>;
}

/** The bus between processes, on the driver that is asked for; nothing is connected before `start`. */
export async function createKafkaBus(options: KafkaOptions): Promise<KafkaBus> {
  const { observer = SILENT_KAFKA_OBSERVER, client } = options;
  const onLog = observer.clientLog.bind(observer);
  const onTlsFilesKept = observer.tlsFilesKept.bind(observer);
  const driver = await createKafkaDriver(options.driver, { ...client, onLog, onTlsFilesKept });
  return createKafkaBusOn({ ...options, observer, driver, sessionTimeoutMs: client.sessionTimeoutMs });
}

/** A driver by name; its library is loaded by this. */
export async function createKafkaDriver(name: DriverName, options: KafkaClientOptions): Promise<KafkaDriver> {
  if (name === 'kafkajs') return (await import('./kafkajs/index.js')).createKafkajsDriver(options);
  return (await import('./rdkafka/index.js')).createRdkafkaDriver(options);
}
