import { describe, expect, it } from 'vitest';
import { AGENT_START, CHUNK, START, STOP, settle, startedBench } from '../../test/support/gateway-bench.js';

describe('a call', () => {
  it('goes onto the bus from its start to its end', async () => {
    const b = await startedBench();
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
        firstFeed: 'generic-1',
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
    const b = await startedBench();
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START, CHUNK);
    agent.send(AGENT_START, CHUNK);
    customer.send(STOP);
    expect(await b.recordsOf('call.ended')).toEqual([]);
    agent.send(STOP);
    expect(await b.recordsOf('call.ended')).toMatchObject([{ reason: 'completed', feedId: 'generic-2' }]);
    expect(await b.recordsOf('call.started')).toMatchObject([
      { legs: ['customer'], firstFeed: 'generic-1' },
      { legs: ['agent'], firstFeed: 'generic-1' },
    ]);
  });

  it('may begin again under its old id', async () => {
    const b = await startedBench();
    b.connect('generic').send(START, CHUNK, STOP);
    await settle();
    b.connect('generic').send(START, CHUNK, STOP);
    const types = (await b.records()).map(({ type }) => type);
    const once = ['call.started', 'audio.chunk', 'call.ended'];
    expect(types).toEqual([...once, ...once]);
  });

  it('marks what its feed says is lost', async () => {
    const b = await startedBench();
    b.connect('generic').send(START, CHUNK, { event: 'lost', durationMs: 100 }, CHUNK);
    expect(await b.recordsOf('audio.lost')).toMatchObject([
      { leg: 'customer', offsetMs: 20, durationMs: 100 },
    ]);
    expect((await b.recordsOf('audio.chunk')).map(({ offsetSamples }) => offsetSamples)).toEqual([0, 960]);
  });
});

describe('a second feed for a leg', () => {
  it('is refused while the first is live, which goes on', async () => {
    const b = await startedBench();
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
    const b = await startedBench();
    b.connect('generic').send(START);
    const newer = b.connect('generic');
    newer.send(START, CHUNK, STOP);
    await settle();
    expect(newer.socket.closes).toMatchObject([{ code: 1008 }]);
    expect(await b.recordsOf('call.ended')).toEqual([]);
  });

  it('is refused to another tenant', async () => {
    const b = await startedBench();
    b.connect('generic').send(START);
    const other = b.connect('generic');
    other.send({ ...AGENT_START, tenant: 'other' });
    await settle();
    expect(other.socket.sent).toMatchObject([{ code: 'UT_INGEST_CALL_OF_OTHER_TENANT' }]);
  });
});

describe('a feed that is lost', () => {
  it('may come back: media time goes on, and the hole is marked', async () => {
    const b = await startedBench();
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
    const b = await startedBench();
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
    const b = await startedBench();
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
    const b = await startedBench({ limits: { maxStreams: 2 } });
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

it('maps Twilio tracks to legs and never answers', async () => {
  const b = await startedBench({ twilioCustomerTrack: 'outbound', agentAudioDeclaredTenants: ['default'] });
  const feed = b.connect('twilio');
  const media = (track: string) => ({ event: 'media', media: { track, chunk: '1', payload: '/////w==' } });
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const start = { event: 'start', start: { callSid: 'CA1', tracks: ['inbound', 'outbound'], mediaFormat } };
  feed.send({ event: 'connected' }, start, media('inbound'), media('outbound'), { event: 'stop' });
  expect((await b.recordsOf('audio.chunk')).map(({ leg }) => leg)).toEqual(['agent', 'customer']);
  expect(feed.socket.sent).toEqual([]);
  expect(feed.socket.closes).toEqual([{ code: 1000, reason: '' }]);
});
