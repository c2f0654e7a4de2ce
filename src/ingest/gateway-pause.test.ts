import { describe, expect, it } from 'vitest';
import {
  AGENT_START,
  CHUNK,
  type FakeFeed,
  type GatewayBench,
  START,
  STOP,
  settle,
  startedBench,
} from '../../test/support/gateway-bench.js';

const PAUSE = { event: 'pause' };
const RESUME = { event: 'resume' };

/** A call of two feeds, the customer's of which announces a pause and breaks 2 s later. */
async function brokenPause(): Promise<{ b: GatewayBench; agent: FakeFeed }> {
  const b = await startedBench({ agentAudioDeclaredTenants: ['acme'] });
  const [customer, agent] = [b.connect('generic'), b.connect('generic')];
  customer.send(START, CHUNK);
  agent.send(AGENT_START, CHUNK);
  await settle();
  customer.send(PAUSE);
  await settle();
  b.clock.advance(2000);
  customer.connection.closed();
  await settle();
  return { b, agent };
}

const chunks = async (b: GatewayBench): Promise<string[]> =>
  (await b.recordsOf('audio.chunk')).map(({ leg, offsetSamples }) => `${leg} ${offsetSamples / 8}`);
const HEARD_BEFORE = ['customer 0', 'agent 0'];

describe('the pause of a feed whose connection broke', () => {
  it('goes on, and nothing of the other feed is heard', async () => {
    const { b, agent } = await brokenPause();
    agent.send(CHUNK, CHUNK);
    expect(await chunks(b)).toEqual(HEARD_BEFORE);
    expect(await b.recordsOf('call.resumed')).toEqual([]);
  });

  it('goes on where the gateway ended the feed for a bad message', async () => {
    const b = await startedBench({ agentAudioDeclaredTenants: ['acme'] });
    const [customer, agent] = [b.connect('generic'), b.connect('generic')];
    customer.send(START);
    agent.send(AGENT_START);
    await settle();
    customer.send(PAUSE, { event: 'nonsense' });
    await settle();
    agent.send(CHUNK);
    expect(await chunks(b)).toEqual([]);
  });

  it('is over when a feed with its leg says so, and lasted as long as the clock says', async () => {
    const { b, agent } = await brokenPause();
    const back = b.connect('generic');
    back.send(START, CHUNK);
    await settle();
    b.clock.advance(3000);
    agent.send(CHUNK);
    await settle();
    expect(await chunks(b)).toEqual(HEARD_BEFORE);
    back.send(RESUME);
    await settle();
    agent.send(CHUNK);
    expect(await b.recordsOf('call.resumed')).toMatchObject([{ durationMs: 5000 }]);
    expect(await chunks(b)).toEqual([...HEARD_BEFORE, 'agent 5020']);
  });

  it('is not ended by a feed of another leg', async () => {
    const { b, agent } = await brokenPause();
    agent.send(RESUME, CHUNK);
    expect(await chunks(b)).toEqual(HEARD_BEFORE);
  });

  it('is one with the pause that the feed announces when it is back', async () => {
    const { b } = await brokenPause();
    const back = b.connect('generic');
    back.send(START, PAUSE);
    await settle();
    b.clock.advance(1000);
    back.send({ ...RESUME, durationMs: 1000 });
    expect(await b.recordsOf('call.paused')).toHaveLength(1);
    expect(await b.recordsOf('call.resumed')).toMatchObject([{ durationMs: 3000 }]);
  });

  it.each([false, true])('is over after the longest a pause may last (feed back: %s)', async (isBack) => {
    const { b, agent } = await brokenPause();
    if (isBack) b.connect('generic').send(START);
    for (let half = 0; half < 30; half++) {
      expect(await b.recordsOf('call.resumed')).toEqual([]);
      agent.send(CHUNK);
      await settle();
      b.clock.advance(30_000);
    }
    expect(await b.recordsOf('call.resumed')).toMatchObject([{ durationMs: 902_000 }]);
    agent.send(CHUNK);
    expect((await chunks(b)).at(-1)).toBe('agent 902020');
  });

  it('is over with its call, and leaves no timer', async () => {
    const { b, agent } = await brokenPause();
    agent.send(STOP);
    const types = (await b.records()).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['call.paused', 'call.resumed', 'call.ended']);
    expect(b.clock.pendingTimers).toBe(0);
  });
});

it('a pause is over when the feed that announced it says stop', async () => {
  const b = await startedBench({ agentAudioDeclaredTenants: ['acme'] });
  const [customer, agent] = [b.connect('generic'), b.connect('generic')];
  agent.send(AGENT_START);
  customer.send(START, PAUSE, STOP);
  await settle();
  agent.send(CHUNK);
  expect(await chunks(b)).toHaveLength(1);
});
