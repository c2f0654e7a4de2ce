import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, BusRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { identityOf } from './batch-outbox.js';
import { badState } from './call-errors.js';
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

/** Hears of a call of which the log says something that can not be understood. */
export type OnUnreadable = (callId: string, error: unknown) => void;

/**
 * Reads what the former owner of a partition left in the log. What can't be understood is passed over: its call goes on
 * from whatever else the log has of it.
 *
 * @param sinceMs nothing that matters is older: see {@link STATE_REFRESH_MS}
 */
export async function recover(
  bus: Bus,
  topics: ResultTopics,
  partition: number,
  sinceMs: number,
  onUnreadable: OnUnreadable,
): Promise<Recovered> {
  const calls = new CallLog(onUnreadable);
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
  const { live, over, erased } = calls;
  return { live, over, erased, written };
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2000;

/** Makes an attempt again and again while the bus can't be read; null once `givenUp`, whatever is under way then. */
export async function patiently<T extends object>(
  attempt: () => Promise<T>,
  givenUp: Promise<null>,
): Promise<T | null> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
    const outcome = attempt().catch((error: unknown) => {
      if (error instanceof UndertoneError && error.retriable) return 'again' as const;
      throw error;
    });
    const found = await Promise.race([outcome, givenUp]);
    if (found !== 'again') return found;
    if ((await Promise.race([sleep(waitMs, 'again' as const), givenUp])) === null) return null;
  }
}

/** The newest word on each call. */
class CallLog {
  readonly live = new Map<string, CallState>();
  readonly over = new Map<string, number>();
  readonly erased = new Set<string>();
  readonly #onUnreadable: OnUnreadable;

  constructor(onUnreadable: OnUnreadable) {
    this.#onUnreadable = onUnreadable;
  }

  read(record: BusRecord): void {
    try {
      this.#take(record);
    } catch (error) {
      this.#onUnreadable(record.key, error);
    }
  }

  #take({ key, value, headers }: BusRecord): void {
    if (value === null) this.#erase(key);
    else if (headers.state !== undefined) {
      this.live.delete(key);
      this.live.set(key, parseState(headers.state));
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

function parseState(text: string): CallState {
  const state = JSON.parse(text) as CallState;
  if (state.version !== 1) throw badState(`It has version ${JSON.stringify(state.version)}.`);
  return state;
}
