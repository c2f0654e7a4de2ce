import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { KafkaBus } from '../../src/bus/index.js';
import { SILENT_KAFKA_OBSERVER } from '../../src/bus/kafka/observer.js';
import {
  CopyingWorker,
  failureOf,
  Readers,
  scanText,
  textRecord,
  textResult,
  until,
} from '../support/bus-readings.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { DRIVERS, kafkaBusOn } from '../support/kafka-buses.js';
import { describeWith } from '../support/requirements.js';

const SESSION_MS = 3_000;

for (const driver of DRIVERS) {
  describeWith(driver.needs, `Faults under ${driver.name}`, () => {
    let broker: KafkaBroker;
    let tests = 0;
    let audio = '';
    let points = '';
    const buses: KafkaBus[] = [];

    const openBus = async (options: Partial<Parameters<typeof kafkaBusOn>[2]> = {}): Promise<KafkaBus> => {
      const client = { sessionTimeoutMs: SESSION_MS, ...options.client };
      const times = { sessionTimeoutMs: SESSION_MS, drainTimeoutMs: 1_000 };
      const bus = await kafkaBusOn(driver, broker.bootstrap, {
        topics: [audio, points],
        ...times,
        ...options,
        client,
      });
      buses.push(bus);
      await bus.start();
      return bus;
    };

    beforeAll(async () => {
      broker = await startBroker();
    });
    beforeEach(async () => {
      tests++;
      [audio, points] = [`audio-${tests}`, `points-${tests}`];
      await broker.admin.createTopics([audio, points].map((name) => ({ name, partitions: 2 })));
      return async () => {
        await Promise.all(buses.splice(0).map((bus) => bus.close()));
      };
    });
    afterAll(async () => broker?.stop());

    /** Two keys, one for each partition. */
    const keys = (bus: KafkaBus): string[] => {
      const all = Array.from({ length: 20 }, (_, n) => `call-${n}`);
      return [0, 1].map((partition) => all.find((key) => bus.partitionOf(audio, key) === partition)!);
    };

    it('is fenced by the next holder of its transactional id, and takes the partition over anew', async () => {
      const bus = await openBus();
      await bus.append(audio, textRecord(keys(bus)[0]!, 'x'));
      const worker = new Readers();
      await bus.subscribe(audio, 'workers', worker);
      const reader = await worker.reader(0);
      await reader.read(1);
      await worker.reader(1);
      const next = await bus.driver.createTransactions(`workers/${audio}/0`);
      expect(await failureOf(reader.commit(1, [textResult(points, 'k', 'by the fenced')]))).toBe(
        'UT_BUS_FENCED',
      );
      expect(await reader.read(1)).toEqual([]);
      expect(await failureOf(reader.commit(1))).toBe('UT_BUS_FENCED');
      expect(await scanText(bus, points, 0)).toEqual([]);
      await until(() => worker.handedOver === 3, 'the partition is taken over anew');
      const anew = await worker.reader(0);
      expect(anew.position).toBe(0);
      await anew.read(1);
      await anew.commit(1, [textResult(points, 'k', 'by the next owner')]);
      expect(await scanText(bus, points, 0)).toEqual(['by the next owner']);
      await next.close();
    });

    it('loses and doubles nothing while workers come and go under traffic', async () => {
      const gateway = await openBus();
      const workers: KafkaBus[] = [];
      const join = async (): Promise<void> => {
        const bus = await openBus();
        workers.push(bus);
        await bus.subscribe(audio, 'workers', new CopyingWorker(points));
      };
      await join();
      const sent = await sendWhile(gateway, async () => {
        await join();
        await pause(1_500);
        await workers.shift()!.close();
        await join();
        await pause(1_500);
        await workers.shift()!.close();
        await pause(500);
      });
      await expectAllOnce(gateway, sent);
    }, 60_000);

    it.runIf(driver.name === 'kafkajs')(
      'counts nothing twice when a frozen worker wakes up after its partitions have moved',
      async () => {
        const gateway = await openBus();
        const ice = freezableSockets();
        const sleeper = new CopyingWorker(points);
        const driverOptions = { socketFactory: ice.socketFactory };
        await (await openBus({ client: { driverOptions } })).subscribe(audio, 'workers', sleeper);
        const heir = new CopyingWorker(points);
        await (await openBus()).subscribe(audio, 'workers', heir);
        await until(() => heir.handedOver > 0, 'the two share the partitions');
        const sent = await sendWhile(gateway, async () => {
          await pause(500);
          ice.freeze();
          await until(() => heir.handedOver === 2, 'the other has both partitions', 15_000);
          await pause(1_000);
          ice.thaw();
          await pause(3_000);
        });
        await expectAllOnce(gateway, sent);
        expect(sleeper.handedOver).toBeGreaterThan(1);
      },
      60_000,
    );

    it('goes on where it was when the broker is killed and comes back', async () => {
      const bus = await openBus();
      const worker = new CopyingWorker(points);
      await bus.subscribe(audio, 'workers', worker);
      const sent = await sendWhile(bus, async () => {
        await pause(500);
        await broker.kill();
        await pause(1_000);
        await broker.start();
        await pause(2_000);
      });
      await expectAllOnce(bus, sent);
    }, 90_000);

    it.runIf(driver.name === 'kafkajs')(
      'joins anew when the client gave up, the broker being away too long',
      async () => {
        const failures: unknown[] = [];
        const observer = { ...SILENT_KAFKA_OBSERVER, failed: (error: unknown) => void failures.push(error) };
        const bus = await openBus({ observer });
        const worker = new CopyingWorker(points);
        await bus.subscribe(audio, 'workers', worker);
        await until(() => worker.handedOver === 2, 'both partitions');
        await broker.kill();
        await until(() => failures.length > 0, 'the client gives up', 60_000);
        await broker.start();
        await expectAllOnce(bus, await sendWhile(bus, () => pause(500)));
        expect(worker.handedOver).toBeGreaterThan(2);
      },
      120_000,
    );

    /** Appends to both partitions as fast as the broker answers, until `meanwhile` has ended. */
    async function sendWhile(bus: KafkaBus, meanwhile: () => Promise<void>): Promise<string[][]> {
      let over = false;
      const ended = meanwhile().finally(() => {
        over = true;
      });
      const send = async (key: string): Promise<string[]> => {
        const values: string[] = [];
        for (let n = 0; !over || n < 10; n++) {
          await bus.append(audio, textRecord(key, `${key} ${n}`));
          values.push(`${key} ${n}`);
        }
        return values;
      };
      const [sent] = await Promise.all([Promise.all(keys(bus).map(send)), ended]);
      return sent;
    }

    async function expectAllOnce(bus: KafkaBus, sent: readonly string[][]): Promise<void> {
      for (const [partition, values] of sent.entries()) {
        expect(await scanText(bus, audio, partition)).toEqual(values);
        let found: string[] = [];
        const deadline = Date.now() + 30_000;
        while (found.length < values.length && Date.now() < deadline) {
          found = await scanText(bus, points, partition);
          await pause(100);
        }
        expect(found).toEqual(values);
      }
    }
  });
}

/** Sockets that carry nothing while they are frozen, as those of a stopped process. */
function freezableSockets() {
  const sockets = new Set<Socket>();
  let frozen = false;
  const freezeOne = (socket: Socket): void => {
    socket.pause();
    socket.cork();
  };
  return {
    socketFactory({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket {
      const socket = connect(port, host, onConnect);
      sockets.add(socket);
      if (frozen) freezeOne(socket);
      return socket;
    },
    freeze(): void {
      frozen = true;
      for (const socket of sockets) freezeOne(socket);
    },
    thaw(): void {
      frozen = false;
      for (const socket of sockets) {
        socket.uncork();
        socket.resume();
      }
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
