import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { Readers, textRecord, until } from '../support/bus-readings.js';
import { startBroker } from '../support/kafka-broker.js';
import { DRIVERS, kafkaBusOn } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const LONG_MS = 60_000;

describeWith(['kafka'], 'Connections of kafkajs', () => {
  it('are all closed with the bus, also those made after a broker came back', {
    timeout: LONG_MS,
  }, async () => {
    const broker = await startBroker();
    try {
      await broker.admin.createTopics([{ name: 'points', partitions: 1 }]);
      const sockets: Socket[] = [];
      const socketFactory = (options: { host: string; port: number; onConnect: () => void }): Socket => {
        const socket = connect(options, options.onConnect);
        sockets.push(socket);
        return socket;
      };
      const driverOptions = { socketFactory };
      const bus = await kafkaBusOn(DRIVERS[0]!, broker.bootstrap, {
        topics: ['points'],
        client: { driverOptions },
      });
      await bus.start();
      const readers = new Readers();
      await bus.follow('points', 0, readers);
      const reader = await readers.reader(0);
      await bus.append('points', textRecord('k', 'before'));
      expect(await reader.read(1)).toHaveLength(1);
      await broker.restart();
      await bus.append('points', textRecord('k', 'after'));
      expect(await reader.read(1)).toHaveLength(1);
      await bus.close();
      await until(() => sockets.every(({ closed }) => closed), 'every socket is closed');
    } finally {
      await broker.stop();
    }
  });
});
