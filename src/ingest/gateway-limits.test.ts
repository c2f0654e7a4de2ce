import { describe, expect, it } from 'vitest';
import { CHUNK, START, STOP, settle, startedBench } from '../../test/support/gateway-bench.js';
import { SILENT_INGEST_OBSERVER } from './observer.js';

describe('limits', () => {
  it('of time to start', async () => {
    const b = await startedBench();
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
    const b = await startedBench();
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
    const b = await startedBench({ limits: { maxMessagesPerSecond: 50 } });
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
    const b = await startedBench({ limits: { maxReplayMessagesPerSecond: 50 } });
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
    const b = await startedBench({ limits: { maxStreams: 3, maxStreamsPerTenant: 2 } });
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

describe('a full bus', () => {
  it('stops the socket, loses nothing, and keeps order', async () => {
    const b = await startedBench({ limits: { maxQueuedChunksPerFeed: 4 } }, { maxRecordsPerPartition: 3 });
    const feed = b.connect('generic');
    feed.send({ ...START, live: false });
    for (let n = 0; n < 100; n++) feed.send(new Uint8Array(CHUNK.length).fill(n));
    await settle();
    expect(feed.socket.paused).toBe(true);
    b.clock.advance(600_000);
    await settle();
    expect(feed.socket.closes).toEqual([]);
    while ((await b.recordsOf('audio.chunk')).length < 100) await settle();
    expect(feed.socket.paused).toBe(false);
    const heard = (await b.recordsOf('audio.chunk')).map(({ bytes }) => bytes[0]);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('that is closed ends feeds with 1011 and breaks nothing else', async () => {
    const b = await startedBench();
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
    const b = await startedBench();
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

  it('leaves live calls to another gateway where the log outlives it, with all they sent, and ends recordings', async () => {
    const left: string[] = [];
    const observer = { ...SILENT_INGEST_OBSERVER, callLeft: (callId: string) => void left.push(callId) };
    const b = await startedBench({ observer, leavesCalls: true });
    const [lost, live, recording] = [b.connect('generic'), b.connect('generic'), b.connect('generic')];
    lost.send({ ...START, callId: 'lost' });
    live.send({ ...START, callId: 'live' }, CHUNK, CHUNK, { event: 'pause' });
    recording.send({ ...START, callId: 'recording', live: false });
    lost.connection.closed();
    await settle();
    await b.gateway.close();
    expect(await b.recordsOf('call.ended')).toMatchObject([{ callId: 'recording', reason: 'shutdown' }]);
    expect(await b.recordsOf('audio.chunk')).toHaveLength(2);
    expect(await b.recordsOf('call.resumed')).toEqual([]);
    expect(left).toEqual(['live', 'lost']);
    expect(b.gateway.callCount).toBe(0);
    b.clock.advance(b.gateway.limits.pauseTimeoutMs);
    expect(await b.recordsOf('call.resumed')).toEqual([]);
  });

  it('gives up at its deadline if the bus takes nothing', async () => {
    const b = await startedBench({}, { maxRecordsPerPartition: 1 });
    b.connect('generic').send(START, CHUNK);
    await settle();
    const closing = expect(b.gateway.close(2000)).rejects.toMatchObject({ code: 'UT_INGEST_DRAIN_TIMEOUT' });
    await settle();
    b.clock.advance(2000);
    await closing;
  });

  it('turns away who comes later', async () => {
    const b = await startedBench();
    await b.gateway.close();
    const late = b.connect('generic');
    await settle();
    expect(late.socket.closes).toMatchObject([{ code: 1001 }]);
  });
});
