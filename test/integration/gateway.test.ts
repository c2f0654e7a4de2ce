import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  createMemoryBus,
  type MemoryBus,
  type PartitionReader,
  type TopicSettings,
} from '../../src/bus/index.js';
import { systemClock } from '../../src/clock.js';
import {
  type AudioLogRecord,
  decodeAudioRecord,
  type FeedAuthOptions,
  FeedServer,
  Gateway,
  type GatewayOptions,
  twilioSignature,
} from '../../src/ingest/index.js';

const TOPIC = 'audio';
const START = {
  event: 'start',
  callId: 'call-1',
  sampleRate: 8000,
  channels: 1,
  encoding: 'mulaw',
  legs: ['customer'],
};
const CHUNK = new Uint8Array(160).fill(255);
const CONNECTED = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const TWILIO_START = {
  event: 'start',
  start: {
    callSid: 'CA1',
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
  },
};

let bus: MemoryBus;
let server: Server;
let feeds: FeedServer;
let reader: PartitionReader;
let clients: WebSocket[];

beforeEach(() => {
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.terminate();
  await feeds.close().catch(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  await bus.close();
});

async function serve(
  options: Partial<GatewayOptions> = {},
  auth: FeedAuthOptions = {},
  topic: Partial<TopicSettings> = {},
): Promise<void> {
  const settings: TopicSettings = {
    partitions: 1,
    retention: 'until-committed',
    maxRecordsPerPartition: 10_000,
    maxBytesPerPartition: 10_000_000,
    ...topic,
  };
  bus = createMemoryBus({ topics: { [TOPIC]: settings }, clock: systemClock });
  await bus.start();
  const onAssigned = (assigned: PartitionReader): void => {
    reader = assigned;
  };
  await bus.subscribe(TOPIC, 'test', { onAssigned, onRevoked: async () => undefined });
  const gateway = new Gateway({ bus, audioTopic: TOPIC, clock: systemClock, ...options });
  feeds = new FeedServer({ gateway, clock: systemClock, auth });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (!feeds.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

const port = (): number => (server.address() as AddressInfo).port;
const url = (dialect: string): string => `ws://127.0.0.1:${port()}/v1/feeds/${dialect}`;

/** A client that remembers what it heard, and can be waited for. */
class Client {
  readonly replies: Record<string, unknown>[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;

  constructor(dialect: string, headers: Record<string, string> = {}) {
    const socket = new WebSocket(url(dialect), { headers });
    this.socket = socket;
    clients.push(socket);
    socket.on('message', (data) => this.replies.push(JSON.parse(String(data))));
    this.opened = new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => {
        const retryAfter = response.headers['retry-after'];
        let body = '';
        response.on('data', (data) => {
          body += data;
        });
        response.on('end', () => reject({ status: response.statusCode, retryAfter, ...JSON.parse(body) }));
      });
      socket.on('error', reject);
    });
    this.opened.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  send(...messages: unknown[]): void {
    for (const message of messages) {
      this.socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
    }
  }
}

async function open(dialect: string, headers?: Record<string, string>): Promise<Client> {
  const client = new Client(dialect, headers);
  await client.opened;
  return client;
}

/** Reads the audio log up to the end of `callId`, committing as it goes. */
async function untilEnded(callId: string): Promise<AudioLogRecord[]> {
  const records: AudioLogRecord[] = [];
  for (;;) {
    const batch = (await reader.read(100)).map(decodeAudioRecord);
    await reader.commit(reader.position);
    records.push(...batch);
    if (
      batch.length === 0 ||
      batch.some((record) => record.type === 'call.ended' && record.callId === callId)
    ) {
      return records;
    }
  }
}

describe('a feed over a real socket', () => {
  it('carries a generic call', async () => {
    await serve();
    const client = await open('generic');
    client.send(START, CHUNK.subarray(0, 100), CHUNK.subarray(100), { event: 'stop' });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(client.replies).toMatchObject([{ event: 'started', callId: 'call-1' }]);
    const records = await untilEnded('call-1');
    expect(records.map(({ type }) => type)).toEqual(['call.started', 'audio.chunk', 'call.ended']);
    expect(records[1]).toMatchObject({ bytes: Buffer.from(CHUNK) });
  });

  it('carries a Twilio call', async () => {
    await serve();
    const client = await open('twilio');
    const payload = Buffer.from(CHUNK).toString('base64');
    const media = { event: 'media', media: { track: 'inbound', chunk: '1', timestamp: '0', payload } };
    client.send(CONNECTED, TWILIO_START, media, { event: 'stop' });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(client.replies).toEqual([]);
    const [, chunk] = await untilEnded('CA1');
    expect(chunk).toMatchObject({
      type: 'audio.chunk',
      leg: 'customer',
      encoding: 'mulaw',
      sampleRateHz: 8000,
    });
  });

  it('continues when its connection breaks and it comes back', async () => {
    await serve();
    const first = await open('generic');
    first.send(START, CHUNK);
    while ((await reader.endOffset()) < 2) await reader.read(1);
    first.socket.terminate();
    await first.closed;
    const second = await retryWhileDuplicate();
    second.send(CHUNK, { event: 'stop' });
    const records = await untilEnded('call-1');
    expect(records.filter(({ type }) => type === 'audio.lost')).toHaveLength(1);
    expect(records.at(-1)).toMatchObject({ type: 'call.ended', reason: 'completed' });
  });

  it('gets back the subprotocol for browsers', async () => {
    await serve({}, { bearerTokens: [{ tenant: 'acme', token: 'secret-token-1' }] });
    const socket = new WebSocket(url('generic'), ['undertone.v1', 'undertone.bearer.secret-token-1']);
    clients.push(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    expect(socket.protocol).toBe('undertone.v1');
  });
});

/** The server may hear of the broken connection a moment after the client. */
async function retryWhileDuplicate(): Promise<Client> {
  for (;;) {
    const client = await open('generic');
    client.send(START);
    const accepted = new Promise<boolean>((resolve) => {
      client.socket.once('message', (data) => resolve(JSON.parse(String(data)).event === 'started'));
    });
    if (await accepted) return client;
  }
}

describe('authentication', () => {
  const auth: FeedAuthOptions = {
    twilioAuthTokens: [{ tenant: 'acme', token: 'twilio-token' }],
    bearerTokens: [{ tenant: 'globex', token: 'secret-token-1' }],
    publicUrl: 'wss://voice.example.com',
  };
  const quick = { limits: { refusalDelayMs: 20 } };

  it('takes the signature of Twilio, and the tenant from its token', async () => {
    await serve(quick, auth);
    const signature = twilioSignature('twilio-token', 'wss://voice.example.com/v1/feeds/twilio');
    const client = await open('twilio', { 'X-Twilio-Signature': signature });
    client.send(CONNECTED, TWILIO_START, { event: 'stop' });
    expect((await untilEnded('CA1'))[0]).toMatchObject({ tenant: 'acme' });
  });

  it('answers 403 to a wrong signature and 401 to a wrong token, after a while', async () => {
    await serve({ limits: { refusalDelayMs: 100 } }, auth);
    const before = performance.now();
    await expect(open('twilio', { 'X-Twilio-Signature': 'nonsense' })).rejects.toMatchObject({
      status: 403,
      code: 'UT_INGEST_BAD_SIGNATURE',
    });
    expect(performance.now() - before).toBeGreaterThanOrEqual(95);
    await expect(open('generic', { Authorization: 'Bearer wrong' })).rejects.toMatchObject({
      status: 401,
      code: 'UT_INGEST_BAD_TOKEN',
      remedy: expect.stringContaining('Authorization'),
    });
    await open('generic', { Authorization: 'Bearer secret-token-1' });
  });

  it('answers 403 to a page of another site', async () => {
    await serve(quick);
    await expect(open('generic', { Origin: 'https://evil.example' })).rejects.toMatchObject({
      status: 403,
      code: 'UT_INGEST_FOREIGN_ORIGIN',
    });
  });

  it('leaves other paths alone', async () => {
    await serve();
    await expect(new Client('nothing').opened).rejects.toThrow('socket hang up');
  });
});

describe('limits', () => {
  it('of streams: 503 and Retry-After before the upgrade', async () => {
    await serve({ limits: { maxStreams: 1 } });
    const first = await open('generic');
    await expect(open('generic')).rejects.toMatchObject({
      status: 503,
      retryAfter: '5',
      code: 'UT_INGEST_TOO_MANY_STREAMS',
    });
    first.send(START, { event: 'stop' });
    await first.closed;
    await open('generic');
  });

  it('of message bytes: 1 MB closes with 1009', async () => {
    await serve();
    const client = await open('generic');
    client.send(START, CHUNK, new Uint8Array(1_000_000));
    expect((await client.closed).code).toBe(1009);
    expect((await untilEnded('call-1')).at(-1)).toMatchObject({ type: 'call.ended', reason: 'error' });
  });

  it('of silence: the call ends, 1001', async () => {
    await serve({ limits: { idleTimeoutMs: 80 } });
    const client = await open('generic');
    client.send(START, CHUNK);
    expect((await client.closed).code).toBe(1001);
    expect((await untilEnded('call-1')).at(-1)).toMatchObject({ type: 'call.ended', reason: 'idle' });
  });

  it('of time to start: 1008', async () => {
    await serve({ limits: { startTimeoutMs: 80 } });
    const client = await open('twilio');
    expect(await client.closed).toMatchObject({
      code: 1008,
      reason: expect.stringContaining('START_TIMEOUT'),
    });
  });
});

describe('a bad feed', () => {
  const cases: [string, string, unknown[], number][] = [
    ['bad JSON', 'twilio', ['not an object'], 1007],
    ['a binary frame', 'twilio', [CONNECTED, TWILIO_START, CHUNK], 1008],
    ['media before start', 'twilio', [CONNECTED, { event: 'media' }], 1008],
    ['an unknown codec', 'generic', [{ ...START, callId: 'bad', encoding: 'opus' }], 1003],
    ['audio before start', 'generic', [CHUNK], 1008],
  ];
  it.each(cases)('(%s) is closed and harms no neighbour', async (_, dialect, messages, code) => {
    await serve();
    const good = await open('generic');
    good.send(START, CHUNK);
    const bad = await open(dialect);
    bad.send(...messages);
    const closed = await bad.closed;
    expect(closed.code).toBe(code);
    expect(closed.reason).toMatch(/^UT_INGEST_\w+: /);
    good.send(CHUNK, { event: 'stop' });
    expect((await good.closed).code).toBe(1000);
    const records = (await untilEnded('call-1')).filter(({ callId }) => callId === 'call-1');
    expect(records.filter(({ type }) => type === 'audio.chunk')).toHaveLength(2);
    expect(records.at(-1)).toMatchObject({ reason: 'completed' });
  });

  it('of broken WebSocket frames is closed', async () => {
    await serve();
    const client = await open('generic');
    client.send(START);
    const raw = (client.socket as unknown as { _socket: Socket })._socket;
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    expect((await client.closed).code).toBe(1002);
    expect((await untilEnded('call-1')).at(-1)).toMatchObject({ reason: 'error' });
  });
});

it('slows a sender down while the bus is full, loses nothing and goes on', async () => {
  await serve({ limits: { maxQueuedChunksPerFeed: 8 } }, {}, { maxRecordsPerPartition: 4 });
  const client = await open('generic');
  const total = 3000;
  client.send({ ...START, live: false });
  for (let n = 0; n < total; n++) client.send(new Uint8Array(4000).fill(n % 256));
  client.send({ event: 'stop' });
  const full = new Promise<void>((resolve) => {
    const look = (): void => {
      if (bus.usage()[0]!.waitingAppends > 0) resolve();
      else setImmediate(look);
    };
    look();
  });
  await full;
  expect(client.socket.bufferedAmount).toBeGreaterThan(0);
  const chunks = (await untilEnded('call-1')).filter((record) => record.type === 'audio.chunk');
  expect(chunks).toHaveLength(total);
  chunks.forEach((chunk, n) => {
    expect([chunk.seq, chunk.bytes[0]]).toEqual([n, n % 256]);
  });
  expect((await client.closed).code).toBe(1000);
});

describe('shutdown', () => {
  it('drains: feeds end with 1001, their calls are on the bus, newcomers get 503', async () => {
    await serve();
    const client = await open('generic');
    client.send(START, CHUNK);
    while ((await reader.endOffset()) < 2) await new Promise(setImmediate);
    const idle = await open('twilio');
    const closing = feeds.close();
    await expect(open('generic')).rejects.toMatchObject({ status: 503, code: 'UT_INGEST_SHUTTING_DOWN' });
    expect((await client.closed).code).toBe(1001);
    expect((await idle.closed).code).toBe(1001);
    await closing;
    expect((await untilEnded('call-1')).at(-1)).toMatchObject({ type: 'call.ended', reason: 'shutdown' });
  });

  it('gives up on feeds that are not done at the deadline, and is closed', async () => {
    await serve({}, {}, { maxRecordsPerPartition: 1 });
    const client = await open('generic');
    client.send(START, CHUNK, CHUNK);
    while (bus.usage()[0]!.waitingAppends === 0) await new Promise(setImmediate);
    await expect(feeds.close(100)).rejects.toMatchObject({ code: 'UT_INGEST_DRAIN_TIMEOUT' });
    expect((await client.closed).code).toBe(1006);
    expect((await untilEnded('call-1')).at(-1)).toMatchObject({ reason: 'shutdown' });
  });

  it('does not wait for a peer that never answers', async () => {
    await serve();
    const raw = connect(port(), '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    raw.write(
      `GET /v1/feeds/generic HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    await new Promise((resolve) => raw.once('data', resolve));
    raw.pause();
    await feeds.close();
    raw.destroy();
  });
});
