import { describe, expect, it } from 'vitest';
import {
  AGENT_START,
  CHUNK,
  START,
  STEREO_START,
  STOP,
  settle,
  startedBench,
} from '../../test/support/gateway-bench.js';
import { type IngestObserver, SILENT_INGEST_OBSERVER } from './observer.js';

describe('the agent', () => {
  const speech = Uint8Array.from({ length: 160 }, (_, n) => (n % 4 < 2 ? 0x90 : 0x10));

  it('is heard as voice activity only', async () => {
    const b = await startedBench();
    const feed = b.connect('generic');
    feed.send({ ...AGENT_START, live: false });
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
    const b = await startedBench();
    const lost = { event: 'lost', durationMs: 100 };
    b.connect('generic').send(AGENT_START, CHUNK, lost, CHUNK, CHUNK, STOP);
    expect(
      (await b.recordsOf('voice.activity')).map(({ firstBlock, voiced }) => [firstBlock, voiced.length]),
    ).toEqual([
      [0, 1],
      [8, 2],
    ]);
    expect(await b.recordsOf('audio.lost')).toEqual([]);
  });

  it('is heard in full where the tenant has declared it', async () => {
    const b = await startedBench({ agentAudioDeclaredTenants: ['acme'] });
    b.connect('generic').send(AGENT_START, CHUNK);
    expect(await b.recordsOf('audio.chunk')).toMatchObject([{ leg: 'agent' }]);
  });

  it('keeps a mixed leg out, in plain words, unless the tenant has declared it', async () => {
    const mixed = { ...START, legs: ['mixed'] };
    const b = await startedBench({ agentAudioDeclaredTenants: ['declared'] });
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
  const b = await startedBench({ requireNoticeTenants: ['acme'] });
  const feed = b.connect('generic');
  feed.send(STEREO_START, new Uint8Array(320), STOP);
  b.connect('generic').send({ ...START, callId: 'call-2', notice: 'given' }, CHUNK);
  const ofFirst = (await b.records()).filter(({ callId }) => callId === 'call-1');
  expect(ofFirst.map(({ type }) => type)).toEqual(['call.started', 'call.ended']);
  expect(feed.socket.sent).toMatchObject([{ legs: [{ use: 'nothing' }, { use: 'nothing' }] }]);
  expect(await b.recordsOf('audio.chunk')).toMatchObject([{ callId: 'call-2' }]);
});

describe('a pause', () => {
  const PAUSE = { event: 'pause' };

  it('stops the audio of all legs, and media time goes on by its length', async () => {
    const b = await startedBench();
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START, CHUNK);
    agent.send({ ...AGENT_START, live: true }, CHUNK);
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

  it('may be silent for longer than a call', async () => {
    const b = await startedBench();
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

it('refuses a later feed whose notice is not that of its call', async () => {
  const b = await startedBench({ requireNoticeTenants: ['acme'] });
  b.connect('generic').send({ ...START, notice: 'given' }, CHUNK);
  const [other, same] = [b.connect('generic'), b.connect('generic')];
  other.send({ ...AGENT_START, notice: 'not-given' }, CHUNK);
  same.send({ ...AGENT_START, notice: 'given' }, CHUNK);
  expect((await b.recordsOf('call.started')).map(({ feedId }) => feedId)).toEqual(['generic-1', 'generic-3']);
  expect(other.socket.sent).toMatchObject([{ code: 'UT_INGEST_NOTICE_DIFFERS' }]);
  expect(other.socket.closes).toMatchObject([{ code: 1008 }]);
});

describe('a phone number', () => {
  it.each([
    ['+4930123456', '***56'],
    ['sip:+491701234567@pbx.example', 'sip:***67@pbx.example'],
    ['line 4930123456, night', 'line ***56, night'],
    ['+49 (170) 123-4567', '***67'],
    ['billing-2', 'billing-2'],
  ])('as the queue %j goes on as %j', async (queue, masked) => {
    const b = await startedBench();
    b.connect('generic').send({ ...START, queue });
    expect(await b.recordsOf('call.started')).toMatchObject([{ queue: masked }]);
  });

  it('as call id stays the identity of the call, and out of logs', async () => {
    const seen: unknown[] = [];
    const observer: IngestObserver = {
      ...SILENT_INGEST_OBSERVER,
      feedFaulted: (feed, fault) => seen.push(feed.callId, fault.message),
      feedFailed: (feed) => seen.push(feed.callId),
      feedClosed: (feed) => seen.push(feed.callId),
    };
    const b = await startedBench({ observer });
    const start = { ...START, callId: 'sip:+491701234567@pbx' };
    b.connect('generic').send(start);
    b.connect('generic').send(start);
    expect(await b.recordsOf('call.started')).toMatchObject([{ callId: start.callId }]);
    await b.bus.close();
    await b.gateway.close();
    expect(seen).toContain('sip:***67@pbx');
    expect(seen.join()).not.toContain('491701234567');
  });
});

it('believes the credentials, not the start message, about the tenant', async () => {
  const b = await startedBench();
  const { tenant: _, ...unnamed } = START;
  b.connect('generic', 'owner').send(unnamed);
  const liar = b.connect('generic', 'owner');
  liar.send({ ...START, callId: 'call-2' });
  const nobody = b.connect('generic');
  nobody.send({ ...unnamed, callId: 'call-3' });
  expect((await b.recordsOf('call.started')).map(({ tenant }) => tenant)).toEqual(['owner', 'default']);
  expect(liar.socket.closes).toMatchObject([{ code: 1008 }]);
});
