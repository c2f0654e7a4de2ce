import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { encodeWav } from '../../src/audio/index.js';
import { type ReplayOptions, replay } from '../../src/replay/index.js';
import { ManualClock } from '../support/manual-clock.js';

let folder: string;
let server: Server;
let url: string;
let options: ReplayOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-replay-answers-'));
  const file = join(folder, 'a.wav');
  const channels = [new Float32Array(800)];
  await writeFile(file, encodeWav({ sampleRateHz: 8000, channels }, 's16le'));
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  options = { files: [file], url, feed: 'generic', speed: 0 };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A gateway that upgrades and then says nothing, but closes after `stop`; `onStart` is told of the start message. */
function serveSilently(onStart: () => void): void {
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { event } = JSON.parse(String(data));
      if (event === 'stop') socket.close(1000);
      else onStart();
    });
  });
}

it('gives up on a gateway that never accepts the call', async () => {
  const clock = new ManualClock();
  serveSilently(() => clock.advance(10_000));
  const [result] = await replay({ ...options, clock });
  expect(result!.error).toMatchObject({ code: 'UT_CLI_REPLAY_REFUSED', place: `${url}/v1/feeds/generic` });
  expect(result!.error!.message).toContain('did not accept the call within 10000 ms');
  expect(clock.pendingTimers).toBe(0);
});

it('does not wait for acceptance once it is stopped', async () => {
  const stop = new AbortController();
  serveSilently(() => stop.abort());
  const [result] = await replay({ ...options, clock: new ManualClock(), signal: stop.signal });
  expect(result).toMatchObject({ messages: 0 });
  expect(result!.error).toBeUndefined();
});

it('takes a refusal whose body breaks off for a refusal', async () => {
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1000\r\n\r\n{"code":');
    socket.on('error', () => undefined);
    setImmediate(() => socket.destroy());
  });
  const [result] = await replay(options);
  expect(result!.error).toMatchObject({ code: 'UT_CLI_REPLAY_REFUSED' });
  expect(result!.error!.message).toContain('HTTP 503');
});
