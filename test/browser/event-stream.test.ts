import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SILENT_CONSOLE_OBSERVER, type StreamEnd } from '../../src/console/index.js';
import { ConsoleServer } from './support/console-server.js';
import { EventReader } from './support/event-reader.js';
import { ScriptedCall } from './support/scripted-call.js';

const script = (callId: string, tenant = 'acme') =>
  new ScriptedCall({
    callId,
    tenant,
    startedAtMs: Date.now(),
    scenes: [{ windows: 100_000, mood: 'angry' }],
  });

let server: ConsoleServer;
let opened: number;
let ends: StreamEnd[];
let reader: EventReader | undefined;

beforeEach(async () => {
  ends = [];
  opened = 0;
  const observer = {
    ...SILENT_CONSOLE_OBSERVER,
    streamOpened: () => void opened++,
    streamEnded: (reason: StreamEnd) => void ends.push(reason),
  };
  server = new ConsoleServer({ observer, limits: { maxStreamBacklogBytes: 200_000, maxStreams: 2 } });
  await server.start();
});

afterEach(async () => {
  reader?.close();
  await server.close();
});

const names = (events: readonly { name: string }[]) => events.map(({ name }) => name);

test('every event comes as it was published, under its name', async () => {
  const call = script('a');
  reader = await EventReader.open(`${server.url}api/events`);
  expect(names(await reader.next(1))).toEqual(['hello']);
  await server.play(call, 0, 2);
  const events = await reader.next(4);
  expect(events.filter(({ name }) => name === 'point').map(({ data }) => data)).toEqual([
    call.event(0),
    call.event(1),
  ]);
  expect(events.filter(({ name }) => name === 'summary').map(({ data }) => data)).toContainEqual(
    call.summary(2),
  );
});

test('a broken stream goes on with exactly what was missed', async () => {
  const call = script('a');
  reader = await EventReader.open(`${server.url}api/events?callId=a`);
  await server.emotion(call.event(0)!);
  const [, first] = await reader.next(2);
  reader.close();
  for (const index of [1, 2]) await server.emotion(call.event(index)!);
  await server.emotion(script('b').event(0)!);
  reader = await EventReader.open(`${server.url}api/events?callId=a`, { 'last-event-id': first!.id! });
  await server.emotion(call.event(3)!);
  const [, ...missed] = await reader.next(4);
  expect(missed.map(({ data }) => (data as { windowIndex: number }).windowIndex)).toEqual([1, 2, 3]);
});

test('a stream can be of one tenant', async () => {
  reader = await EventReader.open(`${server.url}api/events?tenant=northwind`);
  await server.emotion(script('a').event(0)!);
  await server.emotion(script('b', 'northwind').event(0)!);
  const [, event] = await reader.next(2);
  expect(event!.data).toMatchObject({ callId: 'b', tenant: 'northwind' });
});

test('an id of another run is answered with a reset', async () => {
  reader = await EventReader.open(`${server.url}api/events`, { 'last-event-id': 'of-another-run-17' });
  const events = await reader.next(2);
  expect(events[1]).toMatchObject({ name: 'reset', data: { reason: 'restarted' } });
});

test('a reader that stops reading is dropped, and one that reads on misses nothing', async () => {
  const stalled = await stalledReader();
  reader = await EventReader.open(`${server.url}api/events`);
  const call = script('a');
  const windows: number[] = [];
  await reader.next(1);
  // How much the system's own buffers take in before the server notices is not ours to know: until it does.
  while (ends.length === 0 && windows.length < call.windows) {
    const from = windows.length;
    for (let index = from; index < from + 100; index++) await server.emotion(call.event(index)!);
    const events = await reader.next(100);
    windows.push(...events.map(({ data }) => (data as { windowIndex: number }).windowIndex));
  }
  expect(ends).toEqual(['too-slow']);
  expect(windows).toEqual(Array.from({ length: windows.length }, (_, index) => index));
  stalled.destroy();
});

test('a stream too many is refused with a reason', async () => {
  reader = await EventReader.open(`${server.url}api/events`);
  const second = await EventReader.open(`${server.url}api/events`);
  await expect(EventReader.open(`${server.url}api/events`)).rejects.toThrow(
    /503 .*UT_CONSOLE_TOO_MANY_STREAMS/,
  );
  second.close();
  await expect.poll(() => ends, { timeout: 10_000 }).toEqual(['reader-left']);
});

/** Asks for the stream and takes nothing of it from the socket. */
async function stalledReader(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.pause();
  socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => opened, { timeout: 10_000 }).toBe(1);
  return socket;
}
