import { afterEach, expect, it } from 'vitest';
import type { KafkaBus } from '../../src/bus/index.js';
import { eventually } from '../support/api.js';
import { CopyingWorker, textRecord } from '../support/bus-readings.js';
import { type KafkaCluster, startCluster } from '../support/kafka-broker.js';
import { DRIVERS, kafkaBusOn } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const [AUDIO, POINTS] = ['audio', 'points'];
/** Brokers that take nobody without a certificate. */
const STRICT = { tls: true, properties: { 'listener.name.client.ssl.client.auth': 'required' } };
/** Much longer than a client that can come back needs once its broker serves. */
const NEVER_MS = 6_000;
const LONG_MS = 90_000;

async function resultsOf({ admin }: KafkaCluster): Promise<readonly string[]> {
  return (await admin.readAll(POINTS)).map(({ value }) => String(value));
}

for (const driver of DRIVERS) {
  describeWith(driver.needs, `Kafka whose certificates are renewed, through ${driver.name}`, () => {
    const ends: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
    });

    const strictCluster = async (): Promise<KafkaCluster> => {
      const cluster = await startCluster(1, STRICT);
      ends.push(() => cluster.stop());
      await cluster.admin.createTopics([AUDIO, POINTS].map((name) => ({ name, partitions: 1 })));
      return cluster;
    };
    const startBus = async ({ bootstrap, brokers }: KafkaCluster): Promise<KafkaBus> => {
      const { caFile, clientCertFile: certFile, clientKeyFile: keyFile } = brokers[0]!.certificates!;
      const tls = { caFile, certFile, keyFile, keyPassphrase: null };
      const bus = await kafkaBusOn(driver, bootstrap, { topics: [AUDIO, POINTS], client: { tls } });
      ends.push(() => bus.close());
      await bus.start();
      return bus;
    };

    if (driver.name === 'kafkajs') {
      it('goes on without a restart: appends, reads and commits', { timeout: LONG_MS }, async () => {
        const cluster = await strictCluster();
        const bus = await startBus(cluster);
        await bus.subscribe(AUDIO, 'workers', new CopyingWorker(POINTS));
        await bus.append(AUDIO, textRecord('k', 'before'));
        await eventually(
          () => resultsOf(cluster),
          (texts) => texts.length === 1,
          LONG_MS,
        );
        await cluster.renewCertificates();
        await bus.append(AUDIO, textRecord('k', 'after'));
        await eventually(
          () => resultsOf(cluster),
          (texts) => texts.length === 2,
          LONG_MS,
        );
        expect(await resultsOf(cluster)).toEqual(['before', 'after']);
      });
    } else {
      it('needs a restart: librdkafka keeps what it read when a client was made', {
        timeout: LONG_MS,
      }, async () => {
        const cluster = await strictCluster();
        const bus = await startBus(cluster);
        await bus.append(AUDIO, textRecord('k', 'before'));
        await cluster.renewCertificates();
        const waits = bus.append(AUDIO, textRecord('k', 'after')).then(
          () => 'appended',
          () => 'failed',
        );
        const never = new Promise<string>((resolve) => setTimeout(resolve, NEVER_MS, 'waits'));
        expect(await Promise.race([waits, never])).not.toBe('appended');
        const restarted = await startBus(cluster);
        expect(await restarted.append(AUDIO, textRecord('k', 'last'))).toEqual({ partition: 0, offset: 1 });
      });
    }
  });
}
