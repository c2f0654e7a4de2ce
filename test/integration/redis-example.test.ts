import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/api.js';
import { type PublisherBench, pointOf, raised, someCall, startPublisher } from '../support/redis-bench.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { describeWith } from '../support/requirements.js';

const FOLLOW = fileURLToPath(new URL('../../examples/redis-subscriber/follow.mjs', import.meta.url));
const LIMIT_MS = 15_000;

describeWith(['redis'], 'the example of a Redis subscriber', () => {
  let redis: RedisServer;
  let bench: PublisherBench;
  let example: ChildProcess;
  let printed: string;
  const call = someCall('call-1');

  const prints = (text: string) =>
    eventually(
      async () => printed,
      (all) => all.includes(text),
      LIMIT_MS,
    );

  beforeEach(async () => {
    redis = await startRedis();
    bench = await startPublisher({ port: redis.port });
    await bench.until(({ isUp }) => isUp);
    printed = '';
  });

  afterEach(async () => {
    example.kill('SIGKILL');
    await bench.publisher.close(0);
    await redis.stop();
  });

  test('shows the latest state, then what comes, also after an outage', async () => {
    const { publisher, until } = bench;
    publisher.point(pointOf(call, 0));
    publisher.summary(call.summary(1));
    await until(({ counts }) => counts['published summary'] === 1);
    example = spawn(process.execPath, [FOLLOW, '--call', 'call-1', '--tenant', 'acme', '--url', redis.url]);
    example.stdout!.on('data', (chunk) => {
      printed += chunk;
    });
    await prints('state: live, 2.0 s\npoint: customer 2.0 s neutral');
    publisher.point(pointOf(call, 1));
    publisher.alert(raised(someCall('call-2')));
    publisher.alert(raised(someCall('call-3', 'another tenant')));
    await prints('point: customer 2.6 s neutral');
    await prints('alert: raised warning in call call-2: Angry for 10 s.');
    await redis.kill();
    await until(({ isUp }) => !isUp);
    publisher.point(pointOf(call, 2));
    await redis.start();
    await prints('point: customer 3.1 s neutral');
    publisher.erased('call-1');
    await prints('erased: forget everything');
    expect(printed).not.toContain('call-3');
    expect(printed.match(/^point: customer 2\.6 s/gm)).toHaveLength(1);
    const ended = new Promise((resolve) => example.once('exit', resolve));
    example.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
