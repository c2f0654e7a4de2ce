import { setImmediate } from 'node:timers/promises';
import type { Bus, BusRecord, PartitionReader, ResultRecord } from '../bus/index.js';
import type { Clock } from '../clock.js';
import type { AudioLogRecord } from '../ingest/index.js';
import { BatchOutbox } from './batch-outbox.js';
import type { Call } from './call.js';
import { CallTable, type CallTableOptions, STATE_REFRESH_MS } from './call-table.js';
import { Intake } from './intake.js';
import type { CallsObserver } from './observer.js';
import type { CallModels, CallParts } from './ports.js';
import { patiently, type Recovered, type ResultTopics, recover } from './recovery.js';

export interface PartitionLoopOptions extends CallTableOptions {
  /** Records that are worked on between two commits. */
  readonly maxBatchRecords: number;
  /** Records read ahead of the work. */
  readonly maxReadAheadRecords: number;
  /** Windows that may wait for the model before the loop stops taking records. */
  readonly maxPendingWindows: number;
  /** A window of a live call whose last audio is older than this is skipped; null = never. */
  readonly maxDelayMs: number | null;
  /** While less than a batch is waiting, batches begin no sooner than this after one another. */
  readonly lingerMs: number;
  /** Topics with what a former owner left; null where the log does not outlive the process. */
  readonly takeOver: ResultTopics | null;
}

export interface PartitionLoopDeps {
  readonly bus: Bus;
  readonly models: CallModels;
  readonly decode: (record: BusRecord) => AudioLogRecord;
  /** What is kept of a record that could not be used. */
  readonly deadLetter: (record: BusRecord, error: unknown) => ResultRecord;
  readonly clock: Clock;
  readonly observer: CallsObserver;
}

/** Longest work without a turn of the event loop: sockets, timers and the other partitions wait for no more. */
const MAX_SLICE_MS = 5;
/** So often offsets are committed without results. */
const OFFSET_COMMIT_MS = 1000;

/**
 * The only reader and the only mutator of one partition's calls.
 *
 * Always holds: between two batches nothing is under way, so the calls are a function of the records taken; a batch's
 * results and the offset are committed in one step; the offset passes no record that a next owner needs to rebuild a
 * call, and no call is without a state in the log for longer than {@link STATE_REFRESH_MS}.
 */
export class PartitionLoop {
  readonly #reader: PartitionReader;
  readonly #options: PartitionLoopOptions;
  readonly #deps: PartitionLoopDeps;
  readonly #intake: Intake;
  readonly #outbox = new BatchOutbox();
  readonly #table: CallTable;
  /** End of what the former owner may have dealt with; null once that has been passed. */
  #adoptUntil: number | null = null;
  #giveUp: (stopped: null) => void = () => {};
  /** Resolves when the loop is stopped. */
  readonly #givenUp = new Promise<null>((resolve) => {
    this.#giveUp = resolve;
  });
  #stopped = false;
  #records = 0;
  #committed = { offset: 0, atMs: 0 };
  /** When the newest state of each call in the table was written, by the local clock. */
  readonly #stateAtMs = new Map<Call, number>();

  constructor(reader: PartitionReader, options: PartitionLoopOptions, deps: PartitionLoopDeps) {
    this.#reader = reader;
    this.#options = options;
    this.#deps = deps;
    this.#intake = new Intake(reader, options.maxBatchRecords, options.maxReadAheadRecords);
    const place = `${reader.topic}/${reader.partition}`;
    this.#table = new CallTable(deps.models, options, this.#outbox, place);
    this.#committed = { offset: reader.position, atMs: deps.clock.nowMs() };
  }

  get partition(): number {
    return this.#reader.partition;
  }

  /** The calls under way. */
  get callIds(): readonly string[] {
    return [...this.#table.calls()].map(({ started }) => started.callId);
  }

  /** What those are made with. */
  get partsInUse(): readonly CallParts[] {
    return [...this.#table.calls()].map(({ parts }) => parts);
  }

  /** Runs until the reader is closed; rejects where results can't be committed or windows can't be classified. */
  async run(): Promise<void> {
    if (!(await this.#takeOver())) return;
    while (!this.#stopped) {
      const records = await this.#intake.next();
      if (this.#stopped || (records.length === 0 && this.#intake.ended)) return;
      const beganMs = this.#deps.clock.nowMs();
      await this.#work(records);
      await this.#commit();
      await this.#linger(beganMs);
    }
  }

  /** Takes what stands in the log now, then {@link run} ends. */
  async finish(): Promise<void> {
    this.#intake.stopAt(await this.#reader.endOffset());
  }

  /** Ends {@link run} after the batch under way: another worker goes on from the log. */
  stop(): void {
    this.#stopped = true;
    this.#giveUp(null);
    this.#intake.nudge();
  }

  /** Gives the partition back, to be taken over anew from what stands in the log. */
  abandon(error: unknown): void {
    this.#reader.abandon(error);
  }

  /** Looks after calls that have fallen silent, soon. */
  sweep(): void {
    this.#intake.nudge();
  }

  /** @returns false where the loop was stopped meanwhile */
  async #takeOver(): Promise<boolean> {
    const { takeOver } = this.#options;
    if (takeOver === null) return true;
    const { clock, observer } = this.#deps;
    const found = await patiently(() => this.#look(takeOver), this.#givenUp);
    if (found === null) return false;
    const { recovered, endOffset, beganMs } = found;
    this.#adoptUntil = endOffset;
    this.#outbox.leaveOut(recovered.written);
    this.#table.adopt(recovered, clock.nowMs(), this.#reportUnreadable);
    observer.onTakenOver(this.partition, recovered.live.size, clock.nowMs() - beganMs);
    return true;
  }

  /** Whatever matters was written after the first record to be read, but for states that were written anew since. */
  async #look(takeOver: ResultTopics): Promise<{ recovered: Recovered; endOffset: number; beganMs: number }> {
    const first = await this.#intake.peek();
    const { bus, clock } = this.#deps;
    const beganMs = clock.nowMs();
    const sinceMs = Math.min(first?.timestampMs ?? beganMs, beganMs) - 2 * STATE_REFRESH_MS;
    const recovered = await recover(bus, takeOver, this.partition, sinceMs, this.#reportUnreadable);
    return { recovered, endOffset: await this.#reader.endOffset(), beganMs };
  }

  readonly #reportUnreadable = (callId: string, error: unknown): void =>
    this.#deps.observer.onUnreadableState(this.partition, callId, error);

  async #work(records: readonly BusRecord[]): Promise<void> {
    const touched = await this.#takeAll(records);
    // What is under way may stand in the log already: it must meet the list of what does.
    if (this.#adoptUntil !== null) await settleAll(touched);
    this.#endAdoption();
    const nowMs = this.#deps.clock.nowMs();
    if (await this.#mayEndIdle(nowMs)) for (const call of this.#table.endIdle(nowMs)) touched.add(call);
    for (const call of touched) if (!this.#stateAtMs.has(call)) this.#stateAtMs.set(call, nowMs);
    await settleAll(touched);
    for (const call of this.#stateAtMs.keys()) if (call.ended) this.#stateAtMs.delete(call);
    const due = this.#callsDue(touched);
    for (const call of due) {
      call.summarize(this.#options.takeOver === null ? null : this.#intake.untaken);
      this.#stateAtMs.set(call, nowMs);
    }
    await settleAll(due);
    this.#reportProgress();
  }

  async #takeAll(records: readonly BusRecord[]): Promise<Set<Call>> {
    const { clock } = this.#deps;
    const touched = new Set<Call>();
    let sliceBeganMs = clock.nowMs();
    for (const record of records) {
      const call = this.#takeOne(record);
      if (call !== null) touched.add(call);
      if (this.#table.pendingWindows >= this.#options.maxPendingWindows) await settleAll(touched);
      if (clock.nowMs() - sliceBeganMs < MAX_SLICE_MS) continue;
      await setImmediate();
      sliceBeganMs = clock.nowMs();
    }
    this.#records += records.length;
    return touched;
  }

  #takeOne(record: BusRecord): Call | null {
    const { decode, deadLetter, observer, clock } = this.#deps;
    try {
      const decoded = decode(record);
      const { outcome, call } = this.#table.take(decoded, {
        skipDue: this.#mustSkip(record, decoded.callId),
        arrivedAtMs: record.timestampMs,
        offset: record.offset,
        nowMs: clock.nowMs(),
      });
      observer.onRecord(decoded.type, outcome);
      return call;
    } catch (error) {
      this.#outbox.add(deadLetter(record, error), () => observer.onBadRecord(record, error));
      return null;
    }
  }

  /** Once everything that the former owner can have seen has been read, what it wrote is of no more interest. */
  #endAdoption(): void {
    if (this.#adoptUntil === null || this.#intake.untaken < this.#adoptUntil) return;
    this.#adoptUntil = null;
    this.#outbox.leaveOut(new Set());
    const broken = this.#table.adopted();
    for (const call of this.#table.calls()) this.#stateAtMs.set(call, 0);
    if (broken > 0) this.#deps.observer.onAudioMissing(this.partition, broken);
  }

  /** A call is silent only if nothing of it stands unread in the log: this process may have slept, or be behind. */
  async #mayEndIdle(nowMs: number): Promise<boolean> {
    if (this.#adoptUntil !== null || !this.#table.hasIdle(nowMs)) return false;
    const endOffset = await this.#reader.endOffset().catch(() => Number.POSITIVE_INFINITY);
    return this.#intake.untaken >= endOffset;
  }

  #mustSkip(record: BusRecord, callId: string): boolean {
    const { maxDelayMs } = this.#options;
    if (maxDelayMs === null || !this.#table.isLive(callId)) return false;
    return this.#deps.clock.nowMs() - record.timestampMs > maxDelayMs;
  }

  #callsDue(touched: ReadonlySet<Call>): Call[] {
    const due = [...touched].filter((call) => call.summaryDue);
    if (this.#adoptUntil !== null || this.#options.takeOver === null) return due;
    const staleMs = this.#deps.clock.nowMs() - STATE_REFRESH_MS;
    const stale = [...this.#stateAtMs].filter(([call, atMs]) => atMs < staleMs && !due.includes(call));
    return [...due, ...stale.map(([call]) => call)];
  }

  async #commit(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const keeps = this.#options.takeOver !== null;
    const offset = Math.min(this.#intake.untaken, keeps ? this.#table.replayFrom : Number.POSITIVE_INFINITY);
    const moved =
      offset > this.#committed.offset && (!keeps || nowMs - this.#committed.atMs > OFFSET_COMMIT_MS);
    if (this.#outbox.size === 0 && !moved) return this.#finished();
    const { results, announce } = this.#outbox.take();
    await this.#reader.commit(Math.max(offset, this.#committed.offset), this.#inOrder(results));
    this.#committed = { offset: Math.max(offset, this.#committed.offset), atMs: nowMs };
    for (const call of this.#table.calls()) call.committed();
    announce();
    this.#finished();
  }

  /** Without transactions the end of a commit may be missing: what says how far a call has come goes last. */
  #inOrder(results: readonly ResultRecord[]): readonly ResultRecord[] {
    const isLast = ({ topic }: ResultRecord) => topic === this.#options.takeOver?.calls;
    return [...results.filter((result) => !isLast(result)), ...results.filter(isLast)];
  }

  #finished(): void {
    this.#deps.observer.onCommitted(this.partition, this.#records);
    this.#records = 0;
  }

  #reportProgress(): void {
    this.#deps.observer.onProgress(this.partition, this.#table.size, this.#table.pendingWindows);
  }

  #linger(beganMs: number): Promise<void> {
    const waitMs = beganMs + this.#options.lingerMs - this.#deps.clock.nowMs();
    if (waitMs <= 0 || this.#stopped || this.#intake.size >= this.#options.maxBatchRecords)
      return Promise.resolve();
    return new Promise((resolve) => this.#deps.clock.setTimer(resolve, waitMs));
  }
}

async function settleAll(calls: Iterable<Call>): Promise<void> {
  await Promise.all([...calls].map((call) => call.settled()));
}
