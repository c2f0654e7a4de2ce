import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { runService, type Service } from './run-service.js';

function harness(overrides: Partial<Service> = {}, terminalIsGone = () => false) {
  const host = Object.assign(new EventEmitter(), {
    exits: [] as number[],
    exit: (code: number) => void host.exits.push(code),
  });
  const timers: { action: () => void; delayMs: number; cancelled: boolean }[] = [];
  const said: string[] = [];
  const deadlines: number[] = [];
  const service: Service = {
    start: async () => ({ url: 'http://127.0.0.1:1' }),
    stopWaiting: () => undefined,
    reload: async () => void said.push('reloaded'),
    close: async (deadlineMs) => void deadlines.push(deadlineMs),
    ...overrides,
  };
  const clock = {
    setTimer(action: () => void, delayMs: number) {
      const timer = { action, delayMs, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
  };
  const events = { report: (event: string, ..._fields: unknown[]) => void said.push(event) };
  const announce = (url: string) => void said.push(url);
  const running = runService(service, { events, clock, host, drainMs: 1000, terminalIsGone, announce });
  return { host, timers, said, deadlines, running };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('announces the address once it is ready, and runs on', async () => {
  const { host, said } = harness();
  await settled();
  expect(said).toEqual(['http://127.0.0.1:1']);
  expect(host.exits).toEqual([]);
});

test.each(['SIGTERM', 'SIGINT'])('%s drains within the deadline and exits 0', async (signal) => {
  const { host, deadlines, timers, running } = harness();
  await settled();
  host.emit(signal);
  await running;
  expect(deadlines).toEqual([1000]);
  expect(host.exits).toEqual([0]);
  expect(timers[0]?.cancelled).toBe(true);
});

test('SIGTERM ends a start that waits for a server, and exits 0', async () => {
  let giveUp: () => void = () => undefined;
  const start = () => new Promise<never>((_, reject) => (giveUp = () => reject(new Error('given up'))));
  const { host, running, deadlines } = harness({ start, stopWaiting: () => giveUp() });
  await settled();
  host.emit('SIGTERM');
  await running;
  expect(host.exits).toEqual([0]);
  expect(deadlines).toEqual([]);
});

test('a second signal exits 1 at once', async () => {
  const { host } = harness({ close: () => new Promise(() => {}) });
  await settled();
  host.emit('SIGINT');
  await settled();
  expect(host.exits).toEqual([]);
  host.emit('SIGINT');
  expect(host.exits).toEqual([1]);
});

test('a signal while starting waits for the start, then closes', async () => {
  let begin = (_: { url: string }) => {};
  const { host, deadlines, running } = harness({ start: () => new Promise((resolve) => (begin = resolve)) });
  host.emit('SIGTERM');
  await settled();
  expect(deadlines).toEqual([]);
  begin({ url: 'http://127.0.0.1:1' });
  await running;
  expect(deadlines).toEqual([1000]);
  expect(host.exits).toEqual([0]);
});

test('closing that never ends is ended by the deadline', async () => {
  const { host, timers } = harness({ close: () => new Promise(() => {}) });
  await settled();
  host.emit('SIGTERM');
  expect(timers[0]?.delayMs).toBeGreaterThan(1000);
  timers[0]?.action();
  expect(host.exits).toEqual([1]);
});

test('closing that fails exits 1', async () => {
  const { host, running, said } = harness({ close: () => Promise.reject(new Error('stuck')) });
  await settled();
  host.emit('SIGTERM');
  await running;
  expect(host.exits).toEqual([1]);
  expect(said.at(-1)).toBe('close-failed');
});

test.each(['uncaughtException', 'unhandledRejection'])('%s is logged and exits 1', async (event) => {
  const { host, said } = harness();
  await settled();
  host.emit(event, new Error('lost'));
  expect(said.at(-1)).toBe('uncaught');
  expect(host.exits).toEqual([1]);
});

test('SIGHUP reloads once it is ready, and the service goes on', async () => {
  const { host, said } = harness();
  host.emit('SIGHUP');
  expect(said).toEqual([]);
  await settled();
  expect(said).toEqual(['http://127.0.0.1:1', 'reloaded']);
  expect(host.exits).toEqual([]);
});

test('a reload that fails is logged, and the service goes on', async () => {
  const { host, said } = harness({ reload: () => Promise.reject(new Error('no such bundle')) });
  await settled();
  host.emit('SIGHUP');
  await settled();
  expect(said.at(-1)).toBe('reload-failed');
  expect(host.exits).toEqual([]);
});

test('SIGHUP drains and exits 0 when its terminal was closed', async () => {
  const { host, said, running } = harness({}, () => true);
  await settled();
  host.emit('SIGHUP');
  await running;
  expect(said).not.toContain('reloaded');
  expect(host.exits).toEqual([0]);
});

test('a failure to start is the caller’s to report', async () => {
  const { running } = harness({ start: () => Promise.reject(new Error('port taken')) });
  await expect(running).rejects.toThrow('port taken');
});
