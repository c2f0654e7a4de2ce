import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaBus } from '../../src/bus/index.js';
import { SILENT_KAFKA_OBSERVER } from '../../src/bus/kafka/observer.js';
import { errorCodeOf } from '../../src/errors.js';
import { failureOf, Readers, scanText, textRecord, textResult, until } from '../support/bus-readings.js';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.js';
import { DRIVERS, kafkaBusOn } from '../support/kafka-buses.js';
import { ManualClock } from '../support/manual-clock.js';
import { describeWith } from '../support/requirements.js';

for (const driver of DRIVERS) {
  describeWith(driver.needs, `What ${driver.name} is refused`, () => {
    const brokers: KafkaBroker[] = [];
    const buses: KafkaBus[] = [];
    let open: KafkaBroker;
    let topics = 0;

    const broker = async (...args: Parameters<typeof startBroker>): Promise<KafkaBroker> => {
      const started = await startBroker(...args);
      brokers.push(started);
      return started;
    };
    const busOn = async (...args: [string, Parameters<typeof kafkaBusOn>[2]]): Promise<KafkaBus> => {
      const bus = await kafkaBusOn(driver, ...args);
      buses.push(bus);
      return bus;
    };
    const topic = async (partitions: number, on = open, settings = {}): Promise<string> => {
      const name = `topic-${++topics}`;
      await on.admin.createTopics([{ name, partitions, settings }]);
      return name;
    };

    beforeAll(async () => {
      open = await broker();
    });
    afterAll(async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await Promise.all(brokers.map((each) => each.stop()));
    });

    describe('at the start', () => {
      it('names the brokers that do not answer, and starts once one does', async () => {
        const late = await broker();
        const audio = await topic(1, late);
        await late.kill();
        const bus = await busOn(late.bootstrap, { topics: [audio] });
        const error = await bus.start().catch((refusal) => refusal);
        expect(error).toMatchObject({ code: 'UT_KAFKA_UNREACHABLE', retriable: true });
        expect(error.message).toContain(late.bootstrap);
        await late.start();
        await bus.start();
        expect(await bus.append(audio, textRecord('k', 'x'))).toEqual({ partition: 0, offset: 0 });
      });

      it('names the topics that are missing, and the command that makes them', async () => {
        const audio = await topic(1);
        const bus = await busOn(open.bootstrap, { topics: [audio, 'not-there', 'nor-this'] });
        const error = await bus.start().catch((refusal) => refusal);
        expect(error).toMatchObject({ code: 'UT_KAFKA_TOPIC_MISSING', retriable: true });
        expect(error.message).toMatch(/not-there, nor-this do not exist.*`undertone topics apply`/);
      });

      it('refuses unequal and too few partitions', async () => {
        const unequal = await busOn(open.bootstrap, { topics: [await topic(2), await topic(3)] });
        expect(await failureOf(unequal.start())).toBe('UT_KAFKA_PARTITIONS');
        const few = await busOn(open.bootstrap, { topics: [await topic(2)], minPartitions: 3 });
        const error = await few.start().catch((refusal) => refusal);
        expect(error.message).toMatch(/UT_KAFKA_PARTITIONS: the topics have 2, `bus.partitions` asks for 3/);
      });
    });

    it('sees that the number of partitions has changed', async () => {
      const audio = await topic(1);
      const failures: unknown[] = [];
      const clock = new ManualClock();
      const observer = { ...SILENT_KAFKA_OBSERVER, failed: (error: unknown) => void failures.push(error) };
      const bus = await busOn(open.bootstrap, { topics: [audio], clock, observer });
      await bus.start();
      await open.admin.raisePartitions(audio, 2);
      clock.advance(60_000);
      await until(() => failures.length > 0, 'a failure is told');
      expect(errorCodeOf(failures[0])).toBe('UT_KAFKA_PARTITIONS');
      expect(String(failures[0])).toContain(`${audio} 2`);
      expect(bus.partitionCount(audio)).toBe(1);
    });

    it('fails a record that the broker finds too large, and none of its neighbours', async () => {
      const audio = await topic(1, open, { 'max.message.bytes': '2000' });
      const bus = await busOn(open.bootstrap, { topics: [audio] });
      await bus.start();
      const values = ['a', 'b', 'x'.repeat(3000), 'c', 'd'];
      const outcomes = await Promise.all(
        values.map((value) => failureOf(bus.append(audio, textRecord('k', value)))),
      );
      const ok = 'nothing failed';
      expect(outcomes).toEqual([ok, ok, 'UT_BUS_RECORD_TOO_LARGE', ok, ok]);
      await bus.append(audio, textRecord('k', 'e'));
      expect(await scanText(bus, audio, 0)).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    it('takes back a commit whose result the broker finds too large, and goes on', async () => {
      const [audio, points, calls] = [
        await topic(1),
        await topic(1),
        await topic(1, open, { 'max.message.bytes': '2000' }),
      ];
      const bus = await busOn(open.bootstrap, { topics: [audio, points, calls] });
      await bus.start();
      await bus.append(audio, textRecord('k', 'x'));
      const readers = new Readers();
      await bus.subscribe(audio, 'workers', readers);
      const reader = await readers.reader(0);
      await reader.read(1);
      const large = [textResult(points, 'k', 'lost'), textResult(calls, 'k', 'x'.repeat(3000))];
      expect(await failureOf(reader.commit(1, large))).toBe('UT_BUS_RECORD_TOO_LARGE');
      await reader.commit(1, [textResult(points, 'k', 'kept'), textResult(calls, 'k', 'kept')]);
      expect(await scanText(bus, points, 0)).toEqual(['kept']);
      expect(await scanText(bus, calls, 0)).toEqual(['kept']);
      expect(readers.handedOver).toBe(1);
    });

    it('works with credentials over TLS, and says which side refuses', async () => {
      // Debian's librdkafka cannot do SCRAM with this broker; the driver says so.
      const mechanism = driver.name === 'node-rdkafka' ? 'PLAIN' : 'SCRAM-SHA-512';
      const safe = await broker({ tls: true, sasl: { mechanism, users: { ut: 'secret' } } });
      const audio = await topic(1, safe);
      const tls = { caFile: safe.certificates!.caFile, certFile: null, keyFile: null, keyPassphrase: null };
      const sasl = { mechanism, username: 'ut', password: 'secret' } as const;
      const bus = await busOn(safe.bootstrap, { topics: [audio], client: { tls, sasl } });
      await bus.start();
      expect(await bus.append(audio, textRecord('k', 'x'))).toEqual({ partition: 0, offset: 0 });

      const wrong = { ...sasl, password: 'guessed' };
      const refused = await busOn(safe.bootstrap, { topics: [audio], client: { tls, sasl: wrong } });
      expect(await failureOf(refused.start())).toBe('UT_KAFKA_AUTHENTICATION');
      const distrusts = await busOn(safe.bootstrap, {
        topics: [audio],
        client: { tls: { ...tls, caFile: null }, sasl },
      });
      expect(await failureOf(distrusts.start())).toBe('UT_KAFKA_AUTHENTICATION');
    });

    it('fails appends and commits when its rights are taken away', async () => {
      const mechanism = 'PLAIN';
      const strict = await broker({ acls: true, sasl: { mechanism, users: { ut: 'secret' } } });
      const audio = await topic(1, strict);
      await strict.admin.grant('ut', [
        { resource: 'topic', name: '*', operations: ['read', 'write', 'describe'] },
        { resource: 'group', name: '*', operations: ['read'] },
        { resource: 'transactional-id', name: '*', operations: ['write', 'describe'] },
      ]);
      const sasl = { mechanism, username: 'ut', password: 'secret' } as const;
      const bus = await busOn(strict.bootstrap, { topics: [audio], client: { sasl } });
      await bus.start();
      await bus.append(audio, textRecord('k', 'x'));
      const readers = new Readers();
      await bus.subscribe(audio, 'workers', readers);
      const reader = await readers.reader(0);
      await reader.read(1);
      await strict.admin.revoke('ut');
      expect(await failureOf(bus.append(audio, textRecord('k', 'y')))).toBe('UT_KAFKA_AUTHORIZATION');
      // kafkajs keeps for itself why no coordinator answers; the group may have lost its member before.
      expect(await failureOf(reader.commit(1))).toMatch(/^UT_(KAFKA_AUTHORIZATION|KAFKA_FAILED|BUS_FENCED)$/);
    });
  });
}
