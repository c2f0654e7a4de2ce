import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSamples, encodeG711, encodeWav, G711_TO_FLOAT } from '../../src/audio/index.js';
import { createMemoryBus, type MemoryBus, type PartitionReader } from '../../src/bus/index.js';
import { systemClock } from '../../src/clock.js';
import {
  type AudioLogRecord,
  decodeAudioRecord,
  type FeedAuthOptions,
  FeedServer,
  Gateway,
  type GatewayOptions,
} from '../../src/ingest/index.js';
import { replay } from '../../src/replay/index.js';

let folder: string;
let bus: MemoryBus;
let server: Server;
let feeds: FeedServer;
let reader: PartitionReader;
const records: AudioLogRecord[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-replay-'));
  records.length = 0;
});

afterEach(async () => {
  await feeds.close();
  await new Promise((resolve) => server.close(resolve));
  await bus.close();
  await rm(folder, { recursive: true });
});

/** A gateway whose bus is read all the time. */
async function serve(options: Partial<GatewayOptions> = {}, auth: FeedAuthOptions = {}): Promise<string> {
  const bounds = { maxRecordsPerPartition: 50, maxBytesPerPartition: 1_000_000 };
  const settings = { partitions: 1, retention: 'until-committed' as const, ...bounds };
  bus = createMemoryBus({ topics: { audio: settings }, clock: systemClock });
  await bus.start();
  const onAssigned = (assigned: PartitionReader): void => {
    reader = assigned;
  };
  await bus.subscribe('audio', 'test', { onAssigned, onRevoked: async () => undefined });
  void consume();
  const gateway = new Gateway({ bus, audioTopic: 'audio', clock: systemClock, ...options });
  feeds = new FeedServer({ gateway, clock: systemClock, auth });
  server = createServer().on('upgrade', (request, socket, head) =>
    feeds.handleUpgrade(request, socket, head),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function consume(): Promise<void> {
  for (let batch = await reader.read(100); batch.length > 0; batch = await reader.read(100)) {
    records.push(...batch.map(decodeAudioRecord));
    await reader.commit(reader.position);
  }
}

/** Telephone audio: µ-law codes as samples, so that every encoding can carry it unchanged. */
function phoneAudio(samples: number, seed: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => G711_TO_FLOAT.mulaw[(n * seed) % 256]!);
}

async function wav(name: string, channels: readonly Float32Array[], sampleRateHz = 8000): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, encodeWav({ sampleRateHz, channels }, 's16le'));
  return file;
}

/** All samples of a leg, decoded, checked to follow on each other. */
function heard(callId: string, leg: string): number[] {
  const samples: number[] = [];
  for (const record of records) {
    if (record.type !== 'audio.chunk' || record.callId !== callId || record.leg !== leg) continue;
    expect(record.offsetSamples).toBe(samples.length);
    const out = new Float32Array(record.bytes.length);
    samples.push(...out.subarray(0, decodeSamples(record.encoding, record.bytes, out)));
  }
  return samples;
}

it('brings the same samples by either dialect, at any speed and in any cut', async () => {
  const url = await serve({ agentAudioDeclaredTenants: ['default'] });
  const channels = [phoneAudio(1601, 7), phoneAudio(1601, 11)];
  const files = [await wav('stereo.wav', channels)];
  const base = { files, url, speed: 50 } as const;
  const randomChunks = { seed: 3, maxBytes: 900 };
  await replay({ ...base, feed: 'twilio', callIdPrefix: 'twilio' });
  await replay({ ...base, feed: 'generic', callIdPrefix: 'generic' });
  await replay({ ...base, feed: 'generic', callIdPrefix: 'cut', encoding: 'f32be', randomChunks, speed: 0 });
  await replay({ ...base, feed: 'generic', callIdPrefix: 'law', encoding: 'mulaw' });
  for (const callId of ['twilio', 'generic', 'cut', 'law']) {
    expect(heard(callId, 'customer')).toEqual([...channels[0]!].map((sample) => sample + 0));
    expect(heard(callId, 'agent')).toEqual([...channels[1]!].map((sample) => sample + 0));
  }
  expect(encodeG711('mulaw', channels[0]!)).toHaveLength(1601);
});

it('keeps the pace of real time, and says how late it was', async () => {
  const url = await serve();
  const file = await wav('mono.wav', [phoneAudio(3200, 7)]);
  const [result] = await replay({ files: [file], url, feed: 'twilio' });
  expect(result).toMatchObject({ file, messages: 20, audioMs: 400 });
  expect(result!.error).toBeUndefined();
  expect(result!.wallMs).toBeGreaterThanOrEqual(400);
});

it('plays many calls at once, each under its own id, and reports progress', async () => {
  const url = await serve();
  const files = [await wav('a.wav', [phoneAudio(800, 7)]), await wav('b.wav', [phoneAudio(1600, 7)])];
  const progress: number[] = [];
  const onProgress = ({ sentMs }: { sentMs: number }): void => void progress.push(sentMs);
  const results = await replay({ files, url, feed: 'generic', calls: 5, spreadMs: 50, onProgress });
  expect(results.map(({ error }) => error)).toEqual(Array(10).fill(undefined));
  expect(new Set(results.map(({ callId }) => callId)).size).toBe(10);
  expect(progress.at(-1)).toBe(5 * 100 + 5 * 200);
  const ended = records.filter((record) => record.type === 'call.ended');
  expect(ended.map(({ reason }) => reason)).toEqual(Array(10).fill('completed'));
});

it('ends calls in good order when it is stopped', async () => {
  const url = await serve();
  const file = await wav('long.wav', [phoneAudio(80_000, 7)]);
  const stop = new AbortController();
  const onProgress = (): void => stop.abort();
  const [result] = await replay({ files: [file], url, feed: 'generic', signal: stop.signal, onProgress });
  expect(result!.error).toBeUndefined();
  expect(result!.audioMs).toBeLessThan(10_000);
  expect(records.at(-1)).toMatchObject({ type: 'call.ended', reason: 'completed' });
});

describe('a refusal', () => {
  const auth = {
    twilioAuthTokens: [{ tenant: 'acme', token: 'twilio-token' }],
    bearerTokens: [{ tenant: 'acme', token: 'secret-token-1' }],
    publicUrl: 'wss://voice.example.com',
  };
  const quick = { limits: { refusalDelayMs: 1 } };

  it('before the upgrade says status, code and what to do', async () => {
    const url = await serve(quick, auth);
    const files = [await wav('a.wav', [phoneAudio(80, 7)])];
    const [wrong] = await replay({ files, url, feed: 'generic', bearerToken: 'wrong' });
    expect(wrong!.error).toMatchObject({ code: 'UT_CLI_REPLAY_REFUSED' });
    expect(wrong!.error!.message).toMatch(/HTTP 401.*UT_INGEST_BAD_TOKEN.*Authorization: Bearer/);
    const [unsigned] = await replay({ files, url, feed: 'twilio' });
    expect(unsigned!.error!.message).toMatch(/HTTP 403.*UT_INGEST_BAD_SIGNATURE/);
  });

  it('does not happen with the right token or signature', async () => {
    const url = await serve(quick, auth);
    const files = [await wav('a.wav', [phoneAudio(80, 7)])];
    const results = [
      await replay({ files, url, feed: 'generic', bearerToken: 'secret-token-1' }),
      await replay({
        files,
        url,
        feed: 'twilio',
        twilioAuthToken: 'twilio-token',
        publicUrl: auth.publicUrl,
      }),
    ].flat();
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  it('during the call says close code and reason, for either dialect', async () => {
    const url = await serve({ limits: { maxStreamsPerTenant: 1 } });
    const files = [await wav('a.wav', [phoneAudio(8000, 7)])];
    for (const feed of ['generic', 'twilio'] as const) {
      const results = await replay({ files, url, feed, calls: 2, speed: 4, spreadMs: 0 });
      const [error] = results.flatMap((result) => (result.error ? [result.error] : []));
      expect(error!.message).toMatch(
        /close code 1013.*UT_INGEST_TOO_MANY_TENANT_STREAMS.*has 1 streams open/,
      );
    }
  });

  it('is told apart from a gateway that is not there', async () => {
    const url = await serve();
    const gone = url.replace(/\d+$/, '1');
    const [result] = await replay({
      files: [await wav('a.wav', [phoneAudio(80, 7)])],
      url: gone,
      feed: 'generic',
    });
    expect(result!.error).toMatchObject({ code: 'UT_CLI_REPLAY_UNREACHABLE' });
  });
});

it('refuses options that make no sense before it connects', async () => {
  const url = await serve();
  const files = [await wav('a.wav', [phoneAudio(80, 7)])];
  const attempt = (changes: object) => replay({ files, url, feed: 'generic', ...changes });
  await expect(attempt({ speed: -1 })).rejects.toMatchObject({
    code: 'UT_CLI_REPLAY_OPTION',
    place: '--speed',
  });
  await expect(attempt({ calls: 0.5 })).rejects.toMatchObject({ place: '--calls' });
  await expect(attempt({ feed: 'twilio', live: false })).rejects.toMatchObject({
    code: 'UT_CLI_REPLAY_OPTION',
    place: 'live',
  });
  await expect(attempt({ url: 'http://localhost' })).rejects.toMatchObject({ place: '--url' });
  await expect(attempt({ legs: ['customer', 'agent'] })).rejects.toMatchObject({ code: 'UT_CLI_LEGS' });
});
