import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, BusRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { identityOf } from './batch-outbox.js';
import type { CallState } from './ports.js';

/** What the log says of the calls of a partition that was taken over. */
export interface Recovered {
  /** Calls under way, by id. */
  readonly live: ReadonlyMap<string, CallState>;
  /** Calls that are over, by id, and the last record of each. */
  readonly over: ReadonlyMap<string, number>;
  readonly erased: ReadonlySet<string>;
  /** Identities of the results that stand in the log; see {@link identityOf}. */
  readonly written: ReadonlySet<string>;
}

export interface ResultTopics {
  /** Call summaries with their states. */
  readonly calls: string;
  /** Every other topic that results go to. */
  readonly others: readonly string[];
}

/**
 * Reads what the former owner of a partition left in the log.
 *
 * @param sinceMs nothing that matters is older: see {@link STATE_REFRESH_MS}
 * @throws UT_CALLS_BAD_STATE for a state of a version that this program does not know
 */
export async function recover(
  bus: Bus,
  topics: ResultTopics,
  partition: number,
  sinceMs: number,
): Promise<Recovered> {
  const calls = new CallLog();
  const written = new Set<string>();
  const note = (records: readonly BusRecord[]): void => {
    for (const { headers } of records) written.add(identityOf(headers));
  };
  await Promise.all([
    bus.scan(topics.calls, partition, sinceMs, (records) => {
      note(records);
      for (const record of records) calls.read(record);
    }),
    ...topics.others.map((topic) => bus.scan(topic, partition, sinceMs, note)),
  ]);
  return { ...calls, written };
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2000;

/** {@link recover}, again and again while the bus can't be read; gives up once `wanted` says so. */
export async function recoverPatiently(
  attempt: () => Promise<Recovered>,
  wanted: () => boolean,
): Promise<Recovered | null> {
  for (let waitMs = FIRST_RETRY_MS; wanted(); waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UndertoneError && error.retriable)) throw error;
      await sleep(waitMs);
    }
  }
  return null;
}

/** The newest word on each call. */
class CallLog {
  readonly live = new Map<string, CallState>();
  readonly over = new Map<string, number>();
  readonly erased = new Set<string>();

  read(record: BusRecord): void {
    const { key, value, headers } = record;
    if (value === null) this.#erase(key);
    else if (headers.state !== undefined) {
      this.live.set(key, parseState(headers.state, record));
    } else if (isOver(value)) {
      this.live.delete(key);
      this.over.set(key, Number(headers.through));
    }
  }

  #erase(callId: string): void {
    this.live.delete(callId);
    this.over.delete(callId);
    this.erased.add(callId);
  }
}

function isOver(summary: Uint8Array): boolean {
  return (JSON.parse(Buffer.from(summary).toString('utf8')) as { state?: unknown }).state === 'ended';
}

function parseState(text: string, { topic, partition, offset }: BusRecord): CallState {
  const state = JSON.parse(text) as CallState;
  if (state.version === 1) return state;
  throw new UndertoneError('UT_CALLS_BAD_STATE', `It has version ${JSON.stringify(state.version)}.`, {
    place: `${topic}/${partition}/${offset} header state`,
  });
}
