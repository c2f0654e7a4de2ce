import { describe, expect, it } from 'vitest';
import {
  AGENT_START,
  CHUNK,
  type GatewayBench,
  START,
  settle,
  startedBench,
} from '../../test/support/gateway-bench.js';

const PAUSE = { event: 'pause' };
const DECLARED = { agentAudioDeclaredTenants: ['acme'] };

/** Where in media time each chunk of a leg begins, milliseconds. */
async function chunksOf(b: GatewayBench, leg: string): Promise<number[]> {
  const chunks = (await b.recordsOf('audio.chunk')).filter((chunk) => chunk.leg === leg);
  return chunks.map(({ offsetSamples, sampleRateHz }) => (1000 * offsetSamples) / sampleRateHz);
}

describe('legs on feeds of their own', () => {
  async function agentAfter(delayMs: number, live: boolean): Promise<GatewayBench> {
    const b = await startedBench(DECLARED);
    b.connect('generic').send({ ...START, live }, CHUNK);
    await settle();
    b.clock.advance(delayMs);
    b.connect('generic').send({ ...AGENT_START, live, sampleRate: 16_000 }, CHUNK);
    await settle();
    return b;
  }

  it('share one media time: the later begins with a hole', async () => {
    const b = await agentAfter(3000, true);
    expect(await chunksOf(b, 'agent')).toEqual([3010]);
    expect(await b.recordsOf('audio.lost')).toMatchObject([{ leg: 'agent', offsetMs: 0, durationMs: 3010 }]);
  });

  it('begin together where only the jitter of the network parts them', async () => {
    const b = await agentAfter(80, true);
    expect(await chunksOf(b, 'agent')).toEqual([0]);
    expect(await b.recordsOf('audio.lost')).toEqual([]);
  });

  it('begin at 0 each in a replay', async () => {
    expect(await chunksOf(await agentAfter(3000, false), 'agent')).toEqual([0]);
  });

  it('share media time after a pause in which it stood still', async () => {
    const b = await startedBench(DECLARED);
    const customer = b.connect('generic');
    customer.send(START, CHUNK, PAUSE);
    await settle();
    b.clock.advance(30_000);
    customer.send({ event: 'resume' }, CHUNK);
    b.clock.advance(1000);
    b.connect('generic').send(AGENT_START, CHUNK);
    expect(await chunksOf(b, 'agent')).toEqual([1020]);
  });
});

describe('time that a live feed states', () => {
  const LOST = { event: 'lost', durationMs: 4000 };

  it('as lost can not run ahead of the time passed', async () => {
    const b = await startedBench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK, LOST, LOST);
    await settle();
    expect(feed.socket.closes).toEqual([]);
    b.clock.advance(5000);
    feed.send(LOST, LOST);
    expect(await b.recordsOf('audio.lost')).toHaveLength(3);
    expect(feed.socket.sent).toMatchObject([{ event: 'started' }, { code: 'UT_INGEST_AHEAD_OF_TIME' }]);
    expect(feed.socket.closes).toMatchObject([{ code: 1008 }]);
  });

  it('as paused can not run ahead of it either', async () => {
    const b = await startedBench({ limits: { maxAheadMs: 500 } });
    const feed = b.connect('generic');
    feed.send(START, CHUNK, PAUSE, { event: 'resume', durationMs: 501 });
    await settle();
    expect(feed.socket.closes).toMatchObject([{ code: 1008 }]);
  });

  it('does not bind a replay', async () => {
    const b = await startedBench();
    const feed = b.connect('generic');
    feed.send({ ...START, live: false }, CHUNK, ...Array(10).fill(LOST));
    expect(await b.recordsOf('audio.lost')).toHaveLength(10);
    expect(feed.socket.closes).toEqual([]);
  });

  it('as lost while another feed has paused the call counts once', async () => {
    const b = await startedBench(DECLARED);
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START, CHUNK);
    agent.send(AGENT_START, CHUNK);
    await settle();
    customer.send(PAUSE);
    await settle();
    b.clock.advance(1000);
    agent.send({ event: 'lost', durationMs: 1000 });
    await settle();
    customer.send({ event: 'resume', durationMs: 1000 }, CHUNK);
    await settle();
    agent.send(CHUNK);
    expect([await chunksOf(b, 'customer'), await chunksOf(b, 'agent')]).toEqual([
      [0, 1020],
      [0, 1020],
    ]);
  });
});

describe('a feed that comes back', () => {
  async function breakAfter(...messages: readonly object[]): Promise<number[]> {
    const b = await startedBench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK, PAUSE);
    await settle();
    b.clock.advance(30_000);
    feed.send(...messages);
    feed.connection.closed();
    await settle();
    b.clock.advance(1000);
    b.connect('generic').send(START, CHUNK);
    return chunksOf(b, 'customer');
  }

  it('does not find the pause counted in the hole again', async () => {
    expect(await breakAfter({ event: 'resume', durationMs: 30_000 })).toEqual([0, 31_000]);
  });

  it('does not find time in which media time stood still counted', async () => {
    expect(await breakAfter({ event: 'resume' })).toEqual([0, 1000]);
  });

  it('does not find what it said was lost counted in the hole again', async () => {
    const b = await startedBench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK);
    b.clock.advance(5000);
    feed.send({ event: 'lost', durationMs: 5000 });
    feed.connection.closed();
    await settle();
    b.clock.advance(1000);
    b.connect('generic').send(START, CHUNK);
    expect(await chunksOf(b, 'customer')).toEqual([0, 6000]);
  });
});
