import type { Clock } from '../clock.js';
import type { CallResult, Sender } from '../replay/index.js';
import type { CallRecord } from './call-record.js';
import type { Ledger } from './ledger.js';

/** Rest after a feed that failed, so that a gateway that is away is not stormed. */
const RETRY_MS = 1000;

export interface LanesOptions {
  /** Calls at the same time. */
  readonly calls: number;
  /** The lanes begin spread evenly over so long. */
  readonly rampMs: number;
  /** Beginning of the call ids. */
  readonly prefix: string;
  /** Ends the calls that are under way. */
  readonly signal: AbortSignal;
}

export interface LanesDeps {
  readonly sender: Pick<Sender, 'recordings' | 'play'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** What the lanes have to tell beside the ledger. */
export interface LanesOutcome {
  /** How far a call fell behind its schedule at worst. */
  readonly latestMs: number;
  /** What went wrong with feeds, in the words of the first of each kind, and how often. */
  readonly failures: Readonly<Record<string, number>>;
}

const MAX_FAILURES = 10;

/** So many lanes, each with one call after the other, until the signal comes. */
export async function playLanes(options: LanesOptions, deps: LanesDeps): Promise<LanesOutcome> {
  const outcome = { latestMs: 0, failures: {} as Record<string, number> };
  const note = ({ latestMs, error }: CallResult): void => {
    outcome.latestMs = Math.max(outcome.latestMs, latestMs);
    if (error === undefined) return;
    const known = Object.hasOwn(outcome.failures, error.message);
    const name = known || Object.keys(outcome.failures).length < MAX_FAILURES ? error.message : 'others';
    outcome.failures[name] = (outcome.failures[name] ?? 0) + 1;
  };
  const lanes = Array.from({ length: options.calls }, (_, lane) => playLane(lane, options, deps, note));
  await Promise.all(lanes);
  return outcome;
}

async function playLane(
  lane: number,
  options: LanesOptions,
  deps: LanesDeps,
  note: (result: CallResult) => void,
): Promise<void> {
  const { calls, rampMs, prefix, signal } = options;
  const { sender, ledger, clock } = deps;
  await pause((lane * rampMs) / calls, clock, signal);
  for (let turn = 0; !signal.aborted; turn++) {
    const recording = (lane + turn) % sender.recordings.length;
    const { durationMs } = sender.recordings[recording]!;
    const callId = `${prefix}-${lane + 1}.${turn + 1}`;
    const record = ledger.begin(callId);
    let sentMs = 0;
    const onSent = (audioMs: number): void => {
      sentMs += audioMs;
      ledger.audioMs += audioMs;
      // The last piece may be padded.
      record.sent(Math.min(sentMs, durationMs), clock.nowMs());
    };
    const result = await sender.play({ callId, recording, delayMs: 0, signal, onSent });
    finish(record, result, clock.nowMs());
    note(result);
    if (result.error !== undefined) await pause(RETRY_MS, clock, signal);
  }
}

function finish(record: CallRecord, { error }: CallResult, nowMs: number): void {
  if (error === undefined) record.ended('completed', nowMs);
  else record.ended(record.sentMs === 0 ? 'refused' : 'interrupted', nowMs);
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
