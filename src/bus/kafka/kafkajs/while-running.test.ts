import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { whileRunning } from './while-running.js';

test('orders to a consumer that does not run are lost, mistakes are not', () => {
  const consumer = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING }).consumer({
    groupId: 'g',
  });
  const place = { topic: 't', partitions: [0] };
  expect(() => consumer.pause([place])).toThrow();
  whileRunning(() => consumer.pause([place]));
  whileRunning(() => consumer.resume([place]));
  whileRunning(() => consumer.seek({ topic: 't', partition: 0, offset: '1' }));
  const mistake = (): never => {
    throw new TypeError('x');
  };
  expect(() => whileRunning(mistake)).toThrow(TypeError);
});
