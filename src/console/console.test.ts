import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedCall } from '../../test/browser/support/scripted-call.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { createMemoryBus, type MemoryBus } from '../bus/index.js';
import type { Alert, CallSummary, Hole, Point } from '../timeline/index.js';
import { type Console, createConsole } from './console.js';
import { type ConsoleObserver, SILENT_CONSOLE_OBSERVER } from './observer.js';

const TOPIC = {
  partitions: 2,
  retention: 'newest',
  maxRecordsPerPartition: 1000,
  maxBytesPerPartition: 9e6,
} as const;
const TOPICS = {
  emotions: 'undertone.emotions.v1',
  calls: 'undertone.calls.v1',
  alerts: 'undertone.alerts.v1',
};
const START = 1_700_000_000_000;
const call = new ScriptedCall({
  callId: 'call/1',
  startedAtMs: START,
  scenes: [
    { windows: 10, mood: 'angry' },
    { windows: 4, mood: 'pause' },
    { windows: 6, mood: 'sad' },
  ],
});
const reason = 'The customer has sounded angry for 10 s.';
const alert = call.alert(1, 9, { rule: 'sustained-anger', severity: 'warning', state: 'raised', reason });

let bus: MemoryBus;
let http: FastifyInstance;
let console: Console;
let seen: { applied: number; rejected: string[]; refused: string[] };
/** Told when so many events have been taken, so that no test waits for a time. */
let arrivals: { events: number; resolve: () => void }[];

function observer(): ConsoleObserver {
  const count = (): void => {
    seen.applied++;
    for (const arrival of arrivals)
      if (seen.applied + seen.rejected.length >= arrival.events) arrival.resolve();
  };
  return {
    ...SILENT_CONSOLE_OBSERVER,
    eventApplied: count,
    eventRejected: ({ code }) => {
      seen.rejected.push(code);
      seen.applied--;
      count();
    },
    requestRefused: (code) => void seen.refused.push(code),
  };
}

async function begin(tokens: readonly string[] = []): Promise<void> {
  http = fastify();
  const clock = new ManualClock(START);
  console = createConsole({ bus, http, tokens, clock, observer: observer(), pageDir: '/nowhere' });
  await console.start();
}

function arrived(events: number): Promise<void> {
  return new Promise((resolve) => {
    if (seen.applied + seen.rejected.length >= events) resolve();
    else arrivals.push({ events, resolve });
  });
}

async function publish(topic: string, ceType: string, value: { callId: string } | string): Promise<void> {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  await bus.append(topic, { key: call.callId, value: Buffer.from(text), headers: { ce_type: ceType } });
}

async function publishCall(): Promise<void> {
  const events = Array.from({ length: call.windows }, (_, i) => call.event(i)).filter(
    (event) => event !== undefined,
  );
  for (const event of events) {
    await publish(TOPICS.emotions, 'reason' in event ? 'undertone.hole.v1' : 'undertone.point.v1', event);
  }
  await publish(TOPICS.calls, 'undertone.call.v1', call.summary(20));
  await publish(TOPICS.alerts, 'undertone.alert.v1', alert);
  await arrived(events.length + 2);
}

async function get<T = { code: string; message: string; remedy: string }>(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: T }> {
  const response = await http.inject({ url, headers: { host: 'localhost', ...headers } });
  return { status: response.statusCode, body: response.json<T>() };
}

beforeEach(async () => {
  seen = { applied: 0, rejected: [], refused: [] };
  arrivals = [];
  const topics = Object.fromEntries(Object.values(TOPICS).map((name) => [name, TOPIC]));
  bus = createMemoryBus({ topics, clock: new ManualClock(START) });
  await bus.start();
});

afterEach(async () => {
  await console.close();
  await http.close();
  await bus.close();
});

describe('the API', () => {
  beforeEach(async () => {
    await begin();
    await publishCall();
  });

  test('lists calls by their newest summary, and says where the stream is to begin', async () => {
    const { body } = await get<{ calls: CallSummary[]; eventId: string }>('/api/calls');
    expect(body.calls).toEqual([call.summary(20)]);
    expect(body.eventId).toMatch(/-19$/);
  });

  test('lists the calls of one tenant', async () => {
    expect((await get<{ calls: unknown[] }>('/api/calls?tenant=other')).body.calls).toEqual([]);
    expect((await get<{ calls: unknown[] }>('/api/calls?tenant=acme')).body.calls).toHaveLength(1);
  });

  test('gives one call', async () => {
    expect((await get('/api/calls/call%2F1')).body).toEqual(call.summary(20));
  });

  test('gives points and holes exactly as they were published', async () => {
    const { body } = await get<{ points: Point[]; holes: Hole[] }>('/api/calls/call%2F1/points');
    expect(body.points).toHaveLength(16);
    expect(body.points[15]).toEqual(call.event(19));
    expect(body.holes).toEqual([call.event(13)]);
  });

  test('gives points from a window on, or only the newest', async () => {
    const from = await get<{ points: Point[]; holes: Hole[] }>('/api/calls/call%2F1/points?fromWindow=17');
    expect(from.body).toMatchObject({
      points: [17, 18, 19].map((windowIndex) => ({ windowIndex })),
      holes: [],
    });
    const newest = await get<{ points: Point[] }>('/api/calls/call%2F1/points?newest=2');
    expect(newest.body.points.map((point) => point.windowIndex)).toEqual([18, 19]);
  });

  test('lists alerts', async () => {
    expect((await get<{ alerts: Alert[] }>('/api/alerts')).body.alerts).toEqual([alert]);
  });

  test.each([
    ['/api/calls/none', 404, 'UT_CONSOLE_UNKNOWN_CALL'],
    ['/api/calls/none/points', 404, 'UT_CONSOLE_UNKNOWN_CALL'],
    ['/api/calls/call%2F1/points?fromWindow=-1', 400, 'UT_CONSOLE_BAD_REQUEST'],
    ['/api/calls/call%2F1/points?fromwindow=1', 400, 'UT_CONSOLE_BAD_REQUEST'],
    ['/api/calls?tenant=', 400, 'UT_CONSOLE_BAD_REQUEST'],
    ['/api/events?callid=x', 400, 'UT_CONSOLE_BAD_REQUEST'],
    ['/api/nothing', 404, 'UT_CONSOLE_NO_SUCH_ROUTE'],
    ['/', 503, 'UT_CONSOLE_PAGE_NOT_BUILT'],
  ])('answers %s with %d %s and a remedy', async (url, status, code) => {
    const answer = await get(url);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.remedy.length).toBeGreaterThan(20);
    expect(answer.body.message).toContain(answer.body.remedy);
  });

  test('serves no name that could be rebound, and no page of another origin', async () => {
    expect(await get('/api/calls', { host: 'attacker.example' })).toMatchObject({ status: 403 });
    expect(await get('/api/calls', { origin: 'http://attacker.example' })).toMatchObject({ status: 403 });
    expect(seen.refused).toEqual(['UT_CONSOLE_FORBIDDEN_HOST', 'UT_CONSOLE_FORBIDDEN_ORIGIN']);
  });

  test('forgets an erased call', async () => {
    await bus.append(TOPICS.calls, { key: call.callId, value: null, headers: {} });
    await arrived(20);
    expect(await get('/api/calls/call%2F1')).toMatchObject({ status: 404 });
    expect((await get<{ alerts: Alert[] }>('/api/alerts')).body.alerts).toEqual([]);
  });

  test('skips a record that is no event, reports it, and goes on', async () => {
    await publish(TOPICS.alerts, 'undertone.alert.v1', '{"not":"an alert"}');
    const ended = { ...alert, state: 'ended' } as const;
    await publish(TOPICS.alerts, 'undertone.alert.v1', ended);
    await arrived(21);
    expect(seen.rejected).toEqual(['UT_CONSOLE_BAD_EVENT']);
    expect((await get<{ alerts: Alert[] }>('/api/alerts')).body.alerts).toEqual([alert, ended]);
  });

  test('answers HEAD of the event stream, which takes no place among the streams', async () => {
    const answer = await http.inject({
      method: 'HEAD',
      url: '/api/events',
      headers: { host: 'localhost' },
    });
    expect(answer.statusCode).toBe(404);
  });

  test('answers with headers that leave a page of another origin nothing to do', async () => {
    const { headers } = await http.inject({ url: '/api/calls', headers: { host: 'localhost' } });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });
});

describe('the API with tokens', () => {
  beforeEach(() => begin(['the-token']));

  test('is closed without one, and says how to open it', async () => {
    const { status, body } = await get('/api/calls');
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'UT_CONSOLE_UNAUTHORISED' });
    expect(body.remedy).toContain('Authorization: Bearer');
  });

  test('tells no stranger which addresses exist', async () => {
    expect((await get('/api/nothing')).status).toBe(401);
    expect((await get('/api/events')).status).toBe(401);
  });

  test('opens to a bearer', async () => {
    expect((await get('/api/calls', { authorization: 'Bearer the-token' })).status).toBe(200);
  });

  test('opens to a session, and the page learns whether it has one', async () => {
    expect((await get('/api/session')).body).toMatchObject({ tokenRequired: true, signedIn: false });
    const signIn = await post({ token: 'the-token' });
    expect(signIn.statusCode).toBe(204);
    const cookie = String(signIn.headers['set-cookie']).split(';')[0]!;
    expect((await get('/api/calls', { cookie })).status).toBe(200);
    expect((await get('/api/session', { cookie })).body).toMatchObject({ signedIn: true });
  });

  test.each([
    [{ token: 'wrong' }, 401],
    [{ token: '' }, 400],
    [{}, 400],
    ['text', 400],
    [{ token: 'x'.repeat(9000) }, 400],
  ])('the sign-in %j is refused', async (body, status) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  const post = (payload: object | string) =>
    http.inject({
      method: 'POST',
      url: '/api/session',
      headers: { host: 'localhost', 'content-type': 'application/json' },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
});
