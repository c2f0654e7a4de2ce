import { afterAll, beforeAll } from 'vitest';
import type { Bus, TopicSettings } from '../../src/bus/index.js';
import { describeBusContract } from '../contract/bus.contract.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { DRIVERS, kafkaBusOn } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

for (const driver of DRIVERS) {
  describeWith(driver.needs, `Kafka through ${driver.name}`, () => {
    let broker: KafkaBroker;
    beforeAll(async () => {
      broker = await startBroker();
    });
    afterAll(async () => broker?.stop());

    const makeBus = (transactions: boolean) => {
      return async (topics: Record<string, TopicSettings>, maxRecordBytes: number): Promise<{ bus: Bus }> => {
        const names = Object.keys(topics);
        const { partitions } = topics[names[0]!]!;
        await broker.admin.createTopics(names.map((name) => ({ name, partitions })));
        return {
          bus: await kafkaBusOn(driver, broker.bootstrap, {
            topics: names,
            maxRecordBytes,
            transactions,
            readAheadRecords: 10,
          }),
        };
      };
    };
    const { holdsRevocation } = driver.abilities;

    describeBusContract('with transactions', makeBus(true), {
      boundedTopics: false,
      holdsRevocation,
    });
    describeBusContract('without transactions', makeBus(false), {
      boundedTopics: false,
      holdsRevocation,
    });
  });
}
