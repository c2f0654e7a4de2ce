import { describe, expect, it } from 'vitest';
import { GatewayBench, settle } from '../../test/support/gateway-bench.js';
import type { GatewayOptions } from './gateway.js';

const START = {
  event: 'start',
  callId: 'call-1',
  sampleRate: 8000,
  channels: 1,
  encoding: 'mulaw',
  legs: ['customer'],
  tenant: 'acme',
};
const AGENT = { ...START, legs: ['agent'] };
const STEREO = { ...START, channels: 2, legs: ['customer', 'agent'] };
const STOP = { event: 'stop' };
/** 20 ms of µ-law silence. */
const CHUNK = new Uint8Array(160).fill(255);

const bench = (options?: Partial<GatewayOptions>, topic?: { maxRecordsPerPartition: number }) =>
  new GatewayBench(options, topic).start();

describe('a call', () => {
  it('goes onto the bus from its start to its end', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(
      { ...START, queue: 'billing', notice: 'given', synthetic: true, live: false },
      CHUNK,
      CHUNK,
      STOP,
    );
    const base = { callId: 'call-1', tenant: 'acme', feedId: 'generic-1' };
    const chunk = {
      ...base,
      leg: 'customer',
      encoding: 'mulaw',
      sampleRateHz: 8000,
      channels: 1,
      bytes: CHUNK,
    };
    expect(await b.records()).toEqual([
      {
        ...base,
        type: 'call.started',
        live: false,
        notice: 'given',
        legs: ['customer'],
        feed: 'generic',
        queue: 'billing',
        synthetic: true,
      },
      { ...chunk, type: 'audio.chunk', seq: 0, offsetSamples: 0 },
      { ...chunk, type: 'audio.chunk', seq: 1, offsetSamples: 160 },
      { ...base, type: 'call.ended', reason: 'completed' },
    ]);
    expect(feed.socket.closes).toEqual([{ code: 1000, reason: '' }]);
    expect(feed.socket.sent).toEqual([
      {
        event: 'started',
        callId: 'call-1',
        feedId: 'generic-1',
        legs: [{ leg: 'customer', use: 'emotion' }],
      },
    ]);
    expect([b.gateway.feedCount, b.gateway.callCount, b.clock.pendingTimers]).toEqual([0, 0, 0]);
  });

  it('ends only with the last of its feeds', async () => {
    const b = await bench();
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START, CHUNK);
    agent.send(AGENT, CHUNK);
    customer.send(STOP);
    expect(await b.recordsOf('call.ended')).toEqual([]);
    agent.send(STOP);
    expect(await b.recordsOf('call.ended')).toMatchObject([{ reason: 'completed', feedId: 'generic-2' }]);
    expect((await b.recordsOf('call.started')).map(({ legs }) => legs)).toEqual([['customer'], ['agent']]);
  });

  it('may begin again under its old id', async () => {
    const b = await bench();
    b.connect('generic').send(START, CHUNK, STOP);
    await settle();
    b.connect('generic').send(START, CHUNK, STOP);
    const types = (await b.records()).map(({ type }) => type);
    const once = ['call.started', 'audio.chunk', 'call.ended'];
    expect(types).toEqual([...once, ...once]);
  });

  it('marks what its feed says is lost', async () => {
    const b = await bench();
    b.connect('generic').send(START, CHUNK, { event: 'lost', durationMs: 100 }, CHUNK);
    expect(await b.recordsOf('audio.lost')).toMatchObject([
      { leg: 'customer', offsetMs: 20, durationMs: 100 },
    ]);
    expect((await b.recordsOf('audio.chunk')).map(({ offsetSamples }) => offsetSamples)).toEqual([0, 960]);
  });
});

describe('a second feed for a leg', () => {
  it('is refused while the first is live, which goes on', async () => {
    const b = await bench();
    const [older, newer] = [b.connect('generic'), b.connect('generic')];
    older.send(START, CHUNK);
    newer.send(START, CHUNK, CHUNK);
    await settle();
    older.send(CHUNK);
    expect((await b.recordsOf('audio.chunk')).map(({ feedId }) => feedId)).toEqual([
      'generic-1',
      'generic-1',
    ]);
    expect(newer.socket.closes).toMatchObject([
      { code: 1008, reason: expect.stringContaining('UT_INGEST_DUPLICATE_FEED') },
    ]);
    expect(newer.socket.sent).toMatchObject([{ event: 'error', remedy: expect.stringContaining('older') }]);
    expect(older.socket.closes).toEqual([]);
  });

  it('is told so even if it has already said stop', async () => {
    const b = await bench();
    b.connect('generic').send(START);
    const newer = b.connect('generic');
    newer.send(START, CHUNK, STOP);
    await settle();
    expect(newer.socket.closes).toMatchObject([{ code: 1008 }]);
    expect(await b.recordsOf('call.ended')).toEqual([]);
  });

  it('is refused to another tenant', async () => {
    const b = await bench();
    b.connect('generic').send(START);
    const other = b.connect('generic');
    other.send({ ...AGENT, tenant: 'other' });
    await settle();
    expect(other.socket.sent).toMatchObject([{ code: 'UT_INGEST_CALL_OF_OTHER_TENANT' }]);
  });
});

describe('a feed that is lost', () => {
  it('may come back: media time goes on, and the hole is marked', async () => {
    const b = await bench();
    const first = b.connect('generic');
    first.send(START, CHUNK);
    b.clock.advance(300);
    first.connection.closed();
    await settle();
    b.clock.advance(5000);
    b.connect('generic').send(START, CHUNK, CHUNK, STOP);
    expect(await b.recordsOf('audio.lost')).toMatchObject([
      { feedId: 'generic-2', offsetMs: 20, durationMs: 5280 },
    ]);
    const chunks = await b.recordsOf('audio.chunk');
    expect(chunks.map(({ seq, offsetSamples }) => [seq, offsetSamples])).toEqual([
      [0, 0],
      [0, 42_400],
      [1, 42_560],
    ]);
    expect((await b.recordsOf('call.ended')).map(({ reason }) => reason)).toEqual(['completed']);
  });

  it('ends its call after the time of grace', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK);
    feed.connection.closed();
    await settle();
    b.clock.advance(14_999);
    expect(await b.recordsOf('call.ended')).toEqual([]);
    expect(b.gateway.callCount).toBe(1);
    b.clock.advance(1);
    expect(await b.recordsOf('call.ended')).toMatchObject([{ reason: 'feed-lost' }]);
    expect(b.gateway.callCount).toBe(0);
  });

  it('keeps the position if it comes back at another rate', async () => {
    const b = await bench();
    const first = b.connect('generic');
    first.send({ ...START, live: false }, CHUNK);
    first.connection.closed();
    await settle();
    b.connect('generic').send({ ...START, live: false, sampleRate: 16_000 }, CHUNK);
    const [, second] = await b.recordsOf('audio.chunk');
    expect(second).toMatchObject({ sampleRateHz: 16_000, offsetSamples: 320 + 16 });
    expect(await b.recordsOf('audio.lost')).toMatchObject([{ offsetMs: 20, durationMs: 1 }]);
  });

  it('does not let lost calls pile up', async () => {
    const b = await bench({ limits: { maxStreams: 2 } });
    for (const callId of ['a', 'b', 'c']) {
      const feed = b.connect('generic');
      feed.send({ ...START, callId });
      feed.connection.closed();
      await settle();
    }
    expect(b.gateway.callCount).toBe(2);
    expect(await b.recordsOf('call.ended')).toMatchObject([{ callId: 'c', reason: 'feed-lost' }]);
  });
});

describe('the agent', () => {
  const speech = Uint8Array.from({ length: 160 }, (_, n) => (n % 4 < 2 ? 0x90 : 0x10));

  it('is heard as voice activity only', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send({ ...AGENT, live: false });
    for (let n = 0; n < 60; n++) feed.send(n < 20 ? CHUNK : speech);
    feed.send(STOP);
    const activity = await b.recordsOf('voice.activity');
    expect(await b.recordsOf('audio.chunk')).toEqual([]);
    let next = 0;
    for (const { firstBlock, voiced } of activity) {
      expect(firstBlock).toBe(next);
      next += voiced.length;
    }
    expect(activity).toHaveLength(3);
    const voiced = activity.flatMap((record) => record.voiced);
    expect(voiced).toHaveLength(75);
    expect([voiced[10], voiced[60]]).toEqual([false, true]);
    expect(feed.socket.sent).toMatchObject([{ legs: [{ leg: 'agent', use: 'voice-activity' }] }]);
  });

  it('goes on at the right block behind a hole', async () => {
    const b = await bench();
    const lost = { event: 'lost', durationMs: 100 };
    b.connect('generic').send(AGENT, CHUNK, lost, CHUNK, CHUNK, STOP);
    expect(
      (await b.recordsOf('voice.activity')).map(({ firstBlock, voiced }) => [firstBlock, voiced.length]),
    ).toEqual([
      [0, 1],
      [8, 2],
    ]);
    expect(await b.recordsOf('audio.lost')).toEqual([]);
  });

  it('is heard in full where the tenant has declared it', async () => {
    const b = await bench({ agentAudioDeclaredTenants: ['acme'] });
    b.connect('generic').send(AGENT, CHUNK);
    expect(await b.recordsOf('audio.chunk')).toMatchObject([{ leg: 'agent' }]);
  });

  it('keeps a mixed leg out, in plain words, unless the tenant has declared it', async () => {
    const mixed = { ...START, legs: ['mixed'] };
    const b = await bench({ agentAudioDeclaredTenants: ['declared'] });
    const feed = b.connect('generic');
    feed.send(mixed, CHUNK);
    expect(await b.records()).toEqual([]);
    expect(feed.socket.closes).toMatchObject([{ code: 1008 }]);
    expect(feed.socket.sent).toMatchObject([
      {
        event: 'error',
        code: 'UT_INGEST_MIXED_UNDECLARED',
        message: expect.stringContaining("agent's voice"),
      },
    ]);
    b.connect('generic').send({ ...mixed, tenant: 'declared' }, CHUNK);
    expect(await b.recordsOf('audio.chunk')).toMatchObject([{ leg: 'mixed', tenant: 'declared' }]);
  });
});

it('analyses nothing without notice where notice is required, and says that the call was', async () => {
  const b = await bench({ requireNoticeTenants: ['acme'] });
  const feed = b.connect('generic');
  feed.send(STEREO, new Uint8Array(320), STOP);
  b.connect('generic').send({ ...START, callId: 'call-2', notice: 'given' }, CHUNK);
  const ofFirst = (await b.records()).filter(({ callId }) => callId === 'call-1');
  expect(ofFirst.map(({ type }) => type)).toEqual(['call.started', 'call.ended']);
  expect(feed.socket.sent).toMatchObject([{ legs: [{ use: 'nothing' }, { use: 'nothing' }] }]);
  expect(await b.recordsOf('audio.chunk')).toMatchObject([{ callId: 'call-2' }]);
});

describe('a pause', () => {
  const PAUSE = { event: 'pause' };

  it('stops the audio of all legs, and media time goes on by its length', async () => {
    const b = await bench();
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START, CHUNK);
    agent.send({ ...AGENT, live: true }, CHUNK);
    await settle();
    customer.send(PAUSE);
    await settle();
    agent.send(CHUNK);
    customer.send({ event: 'resume', durationMs: 1000 }, CHUNK, STOP);
    await settle();
    agent.send(CHUNK, CHUNK, STOP);
    expect(await b.recordsOf('call.paused')).toHaveLength(1);
    expect(await b.recordsOf('call.resumed')).toMatchObject([{ durationMs: 1000 }]);
    expect((await b.recordsOf('audio.chunk')).map(({ offsetSamples }) => offsetSamples)).toEqual([0, 8160]);
    expect((await b.recordsOf('voice.activity')).map(({ firstBlock }) => firstBlock)).toEqual([0, 64]);
  });

  it('is over when the feed that announced it has gone', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK, PAUSE);
    feed.connection.closed();
    expect((await b.records()).map(({ type }) => type).slice(2)).toEqual(['call.paused', 'call.resumed']);
  });

  it('may be silent for longer than a call', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(START, PAUSE);
    await settle();
    b.clock.advance(899_000);
    await settle();
    expect(feed.socket.closes).toEqual([]);
    b.clock.advance(2000);
    await settle();
    expect(feed.socket.closes).toMatchObject([{ code: 1001 }]);
  });
});

describe('limits', () => {
  it('of time to start', async () => {
    const b = await bench();
    const feed = b.connect('twilio');
    feed.send({ event: 'connected' });
    b.clock.advance(10_000);
    await settle();
    expect(feed.socket.closes).toMatchObject([
      { code: 1008, reason: expect.stringContaining('START_TIMEOUT') },
    ]);
    expect(await b.records()).toEqual([]);
  });

  it('of silence, which ends the call', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK);
    for (let second = 0; second < 59; second++) b.clock.advance(1000);
    feed.send(CHUNK);
    b.clock.advance(59_999);
    await settle();
    expect(feed.socket.closes).toEqual([]);
    b.clock.advance(1);
    expect(await b.recordsOf('call.ended')).toMatchObject([{ reason: 'idle' }]);
    expect(feed.socket.closes).toMatchObject([{ code: 1001 }]);
  });

  it('of messages a second ends a live feed', async () => {
    const b = await bench({ limits: { maxMessagesPerSecond: 50 } });
    const feed = b.connect('generic');
    feed.send(START, ...Array(100).fill(CHUNK));
    await settle();
    expect(feed.socket.closes).toEqual([]);
    b.clock.advance(1000);
    feed.send(...Array(51).fill(CHUNK));
    expect(await b.recordsOf('call.ended')).toMatchObject([{ reason: 'error' }]);
    expect(feed.socket.closes).toMatchObject([
      { code: 1008, reason: expect.stringContaining('MANY_MESSAGES') },
    ]);
    expect(await b.recordsOf('audio.chunk')).toHaveLength(150);
  });

  it('of messages a second makes a replay wait', async () => {
    const b = await bench({ limits: { maxReplayMessagesPerSecond: 50 } });
    const feed = b.connect('generic');
    feed.send({ ...START, live: false }, ...Array(110).fill(CHUNK));
    await settle();
    expect(feed.socket.paused).toBe(true);
    b.clock.advance(1000);
    expect(feed.socket.paused).toBe(false);
    feed.send(STOP);
    expect(await b.recordsOf('audio.chunk')).toHaveLength(110);
  });

  it('of streams, in all and per tenant', async () => {
    const b = await bench({ limits: { maxStreams: 3, maxStreamsPerTenant: 2 } });
    const feeds = ['a', 'b', 'c'].map((callId) => {
      const feed = b.connect('generic');
      feed.send({ ...START, callId });
      return feed;
    });
    expect(b.gateway.closed).toBe('full');
    await settle();
    expect(feeds.map(({ socket }) => socket.closes.map(({ code }) => code))).toEqual([[], [], [1013]]);
    expect(b.gateway.closed).toBeUndefined();
    feeds[0]!.send(STOP);
    await settle();
    const again = b.connect('generic');
    again.send({ ...START, callId: 'd' });
    await settle();
    expect(again.socket.sent).toMatchObject([{ event: 'started' }]);
  });
});

it('believes the credentials, not the start message, about the tenant', async () => {
  const b = await bench();
  const { tenant: _, ...unnamed } = START;
  b.connect('generic', 'owner').send(unnamed);
  const liar = b.connect('generic', 'owner');
  liar.send({ ...START, callId: 'call-2' });
  const nobody = b.connect('generic');
  nobody.send({ ...unnamed, callId: 'call-3' });
  expect((await b.recordsOf('call.started')).map(({ tenant }) => tenant)).toEqual(['owner', 'default']);
  expect(liar.socket.closes).toMatchObject([{ code: 1008 }]);
});

describe('a full bus', () => {
  it('stops the socket, loses nothing, and keeps order', async () => {
    const b = await bench({ limits: { maxQueuedChunksPerFeed: 4 } }, { maxRecordsPerPartition: 3 });
    const feed = b.connect('generic');
    feed.send({ ...START, live: false });
    for (let n = 0; n < 10; n++) feed.send(Uint8Array.of(n));
    await settle();
    expect(feed.socket.paused).toBe(true);
    b.clock.advance(600_000);
    await settle();
    expect(feed.socket.closes).toEqual([]);
    while ((await b.recordsOf('audio.chunk')).length < 10) await settle();
    expect(feed.socket.paused).toBe(false);
    expect((await b.recordsOf('audio.chunk')).map(({ bytes }) => bytes[0])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('that is closed ends feeds with 1011 and breaks nothing else', async () => {
    const b = await bench();
    const feed = b.connect('generic');
    feed.send(START);
    await settle();
    await b.bus.close();
    feed.send(CHUNK);
    await settle();
    expect(feed.socket.closes).toMatchObject([
      { code: 1011, reason: expect.stringContaining('UT_BUS_CLOSED') },
    ]);
    await b.gateway.close();
    expect(b.gateway.feedCount).toBe(0);
  });
});

describe('shutdown', () => {
  it('ends feeds and calls, waiting ones too, after all they sent', async () => {
    const b = await bench();
    const [lost, live, unborn] = [b.connect('generic'), b.connect('generic'), b.connect('twilio')];
    lost.send(START);
    live.send({ ...START, callId: 'call-2' }, CHUNK, CHUNK);
    lost.connection.closed();
    await settle();
    await b.gateway.close();
    expect(b.gateway.closed).toBe('shutting-down');
    const ended = await b.recordsOf('call.ended');
    expect(ended.map(({ callId, reason }) => [callId, reason])).toEqual([
      ['call-2', 'shutdown'],
      ['call-1', 'shutdown'],
    ]);
    expect(await b.recordsOf('audio.chunk')).toHaveLength(2);
    for (const { socket } of [live, unborn]) expect(socket.closes).toMatchObject([{ code: 1001 }]);
  });

  it('gives up at its deadline if the bus takes nothing', async () => {
    const b = await bench({}, { maxRecordsPerPartition: 1 });
    b.connect('generic').send(START, CHUNK);
    await settle();
    const closing = expect(b.gateway.close(2000)).rejects.toMatchObject({ code: 'UT_INGEST_DRAIN_TIMEOUT' });
    await settle();
    b.clock.advance(2000);
    await closing;
  });

  it('turns away who comes later', async () => {
    const b = await bench();
    await b.gateway.close();
    const late = b.connect('generic');
    await settle();
    expect(late.socket.closes).toMatchObject([{ code: 1001 }]);
  });
});

it('maps Twilio tracks to legs and never answers', async () => {
  const b = await bench({ twilioCustomerTrack: 'outbound', agentAudioDeclaredTenants: ['default'] });
  const feed = b.connect('twilio');
  const media = (track: string) => ({ event: 'media', media: { track, chunk: '1', payload: '/////w==' } });
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const start = { event: 'start', start: { callSid: 'CA1', tracks: ['inbound', 'outbound'], mediaFormat } };
  feed.send({ event: 'connected' }, start, media('inbound'), media('outbound'), { event: 'stop' });
  expect((await b.recordsOf('audio.chunk')).map(({ leg }) => leg)).toEqual(['agent', 'customer']);
  expect(feed.socket.sent).toEqual([]);
  expect(feed.socket.closes).toEqual([{ code: 1000, reason: '' }]);
});
