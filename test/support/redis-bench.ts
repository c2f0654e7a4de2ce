import { Redis } from 'ioredis';
import { systemClock } from '../../src/clock.js';
import { configSchema, type RedisConfig } from '../../src/config/index.js';
import type { ErrorCode } from '../../src/errors.js';
import { type RedisObserver, RedisPublisher } from '../../src/sink/index.js';
import type { Point } from '../../src/timeline/index.js';
import { ScriptedCall } from '../browser/support/scripted-call.js';
import { eventually } from './api.js';
import type { RedisServer } from './redis-server.js';

const LIMIT_MS = 10_000;

/** What a publisher has said about itself. */
export interface RedisRecord {
  readonly codes: ErrorCode[];
  /** How often each thing happened: `published point`, `dropped alert queue-full`, `state written`, … */
  readonly counts: Record<string, number>;
  /** Results of which it said what became of them, as they were handed to it. */
  readonly results: unknown[];
  isUp: boolean;
  connections: number;
  maxQueued: number;
  callStates: number;
}

function recorder(): { readonly record: RedisRecord; readonly observer: RedisObserver } {
  const record: RedisRecord = {
    codes: [],
    counts: {},
    results: [],
    isUp: false,
    connections: 0,
    maxQueued: 0,
    callStates: 0,
  };
  const count = (what: string): void => {
    record.counts[what] = (record.counts[what] ?? 0) + 1;
  };
  const observer: RedisObserver = {
    connectionChanged(up) {
      record.isUp = up;
      if (up) record.connections++;
    },
    failed: ({ code }) => void record.codes.push(code),
    tlsFilesKept: ({ code }) => count(`kept ${code}`),
    published(kind, result) {
      count(`published ${kind}`);
      if (result !== undefined) record.results.push(result);
    },
    dropped(kind, reason, result) {
      count(`dropped ${kind} ${reason}`);
      record.results.push(result);
    },
    stateWritten: (taken) => count(taken ? 'state written' : 'state refused'),
    stateForgotten: () => count('state forgotten'),
    batchDone: () => count('batch'),
    usage(queued, callStates) {
      record.maxQueued = Math.max(record.maxQueued, queued);
      record.callStates = callStates;
    },
  };
  return { record, observer };
}

type Changes = { readonly [K in keyof RedisConfig]?: Partial<RedisConfig[K]> | RedisConfig[K] };

export function redisConfig(changes: Changes): RedisConfig {
  const fast = { enabled: true, connectTimeoutMs: 1000, commandTimeoutMs: 300 };
  return configSchema.parse({ redis: { ...fast, ...changes } }).redis;
}

export interface PublisherBench {
  readonly publisher: RedisPublisher;
  readonly record: RedisRecord;
  /** Waits until it holds of the record. */
  until(holds: (record: RedisRecord) => boolean): Promise<void>;
}

/** A started publisher and what it says. */
export async function startPublisher(changes: Changes): Promise<PublisherBench> {
  const { record, observer } = recorder();
  const publisher = new RedisPublisher(redisConfig(changes), { clock: systemClock, observer });
  await publisher.start();
  const until = async (holds: (record: RedisRecord) => boolean): Promise<void> => {
    await eventually(async () => record, holds, LIMIT_MS);
  };
  return { publisher, record, until };
}

/** Messages of all channels of a server, `[channel, message]`, in the order in which they came. */
export async function listenTo({ url }: RedisServer, pattern = 'undertone:*') {
  const messages: [channel: string, message: { type: string; callId: string }][] = [];
  const redis = new Redis(url, { lazyConnect: true, disableClientInfo: true });
  redis.on('error', () => undefined);
  redis.on('pmessage', (_pattern, channel: string, text: string) => {
    messages.push([channel, JSON.parse(text)]);
  });
  await redis.connect();
  await redis.psubscribe(pattern);
  const until = async (holds: () => boolean): Promise<void> => {
    await eventually(async () => messages.length, holds, LIMIT_MS);
  };
  return { messages, until, close: () => redis.disconnect() };
}

/** A call with as many windows as a test may want. */
export function someCall(callId: string, tenant = 'acme'): ScriptedCall {
  return new ScriptedCall({
    callId,
    tenant,
    startedAtMs: 1_700_000_000_000,
    scenes: [{ windows: 2000, mood: 'neutral' }],
  });
}

export const pointOf = (call: ScriptedCall, index: number): Point => call.event(index) as Point;

export const raised = (call: ScriptedCall, n = 1) =>
  call.alert(n, 9, {
    rule: 'sustained-anger',
    severity: 'warning',
    state: 'raised',
    reason: 'Angry for 10 s.',
  });
