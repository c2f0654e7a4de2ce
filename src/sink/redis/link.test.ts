import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.js';
import type { RedisClient } from './client.js';
import { RedisLink } from './link.js';

class FakeClient extends EventEmitter {
  connects = 0;
  isDisconnected = false;

  async connect(): Promise<void> {
    this.connects++;
    throw new Error('told by events');
  }

  disconnect(): void {
    this.isDisconnected = true;
    this.emit('error', new Error('going'));
    this.emit('end');
  }
}

function begin() {
  const client = new FakeClient();
  const clock = new ManualClock();
  const heard: string[] = [];
  const link = new RedisLink({
    client: client as unknown as RedisClient,
    place: 'redis',
    readyTimeoutMs: 1000,
    clock,
    listener: { changed: (up) => heard.push(up ? 'up' : 'down'), failed: ({ code }) => heard.push(code) },
  });
  link.start();
  return { client, clock, heard, link };
}

test('up and down alternate, whatever the client says twice', () => {
  const { client, heard, link } = begin();
  for (const event of ['close', 'ready', 'ready', 'close', 'close', 'ready']) client.emit(event);
  expect(heard).toEqual(['up', 'down', 'up']);
  expect(link.isUp).toBe(true);
});

test('a server that is connected and never ready is told', () => {
  const { client, clock, heard } = begin();
  client.emit('connect');
  clock.advance(1000);
  expect(heard).toEqual(['UT_REDIS_NOT_READY']);
  client.emit('ready');
  clock.advance(10_000);
  expect(heard).toEqual(['UT_REDIS_NOT_READY', 'up']);
});

test('a client that gives up is started again, later each time', () => {
  const { client, clock } = begin();
  for (let i = 0; i < 3; i++) {
    client.emit('end');
    clock.advance(2200);
  }
  expect(client.connects).toBe(4);
});

test('once closed, nothing is told and nothing begins again', () => {
  const { client, clock, heard, link } = begin();
  client.emit('ready');
  link.close();
  clock.advance(60_000);
  expect(heard).toEqual(['up', 'down']);
  expect(client).toMatchObject({ isDisconnected: true, connects: 1 });
  expect(clock.pendingTimers).toBe(0);
});
