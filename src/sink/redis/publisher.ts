import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.js';
import type { RedisConfig } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import type { Alert, CallSummary, Hole, Point } from '../../timeline/index.js';
import type { ResultObserver } from '../result-writer.js';
import { sendBatch } from './batch.js';
import { CallStates, type StateWrite } from './call-states.js';
import { createRedisClient, type RedisClient, redisPlace, redisTls } from './client.js';
import { announcing, ERASING_COMMANDS, erasing, publishing, writing } from './commands.js';
import { Erasures } from './erasures.js';
import { isReply, redisError } from './errors.js';
import { RedisLink } from './link.js';
import { RedisNames } from './names.js';
import type { DropReason, RedisObserver } from './observer.js';
import { Publication, type Told } from './publication.js';
import { PublicationQueue } from './publication-queue.js';
import { FailureReporter } from './reporter.js';

/** Of each, erasures, states and publications, in one batch: some milliseconds of work for the server. */
const MAX_BATCH = 500;
/** Writes that Redis refused are tried again after this. */
const RETRY_MS = 1000;

/**
 * Passes results on to Redis: messages on channels, and the latest state of each call. Telling it something returns at
 * once and never throws, whatever state Redis is in. Always holds: one batch at most is under way; what waits is
 * bounded; a state is written no later than the messages that it contains.
 */
export class RedisPublisher implements ResultObserver {
  readonly #config: RedisConfig;
  readonly #clock: Clock;
  readonly #observer: RedisObserver;
  readonly #names: RedisNames;
  readonly #place: string;
  readonly #client: RedisClient;
  readonly #link: RedisLink;
  readonly #reporter: FailureReporter;
  readonly #queue: PublicationQueue;
  readonly #states: CallStates;
  readonly #erasures: Erasures;
  #pumping: Promise<void> | null = null;
  #isRetrying = false;

  /** @throws UT_REDIS_TLS where the files of `redis.tls` can not be used */
  constructor(
    config: RedisConfig,
    { clock, observer }: { readonly clock: Clock; readonly observer: RedisObserver },
  ) {
    this.#config = config;
    this.#clock = clock;
    this.#observer = observer;
    this.#names = new RedisNames(config.keyPrefix);
    this.#place = redisPlace(config);
    this.#reporter = new FailureReporter(observer, () => clock.nowMs());
    this.#queue = new PublicationQueue(config.maxQueuedPublications);
    const { maxCallStates: maxCalls, stateTtlMs: liveTtlMs, endedStateTtlMs: endedTtlMs } = config;
    this.#states = new CallStates({ maxCalls, liveTtlMs, endedTtlMs });
    this.#erasures = new Erasures(maxCalls);
    this.#client = createRedisClient(
      config,
      'undertone-publisher',
      redisTls(config, (error) => observer.tlsFilesKept(error)),
    );
    this.#link = new RedisLink({
      client: this.#client,
      place: this.#place,
      readyTimeoutMs: config.connectTimeoutMs,
      clock,
      listener: {
        changed: (up) => this.#linkChanged(up),
        failed: (error) => this.#reporter.report(error),
      },
    });
  }

  /** Begins to connect; does not wait for Redis, which may be away. */
  async start(): Promise<void> {
    this.#link.start();
  }

  /** Sends what waits, as far as the time allows. */
  async close(deadlineMs: number): Promise<void> {
    let cancel = (): void => {};
    const deadline = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(resolve, deadlineMs);
    });
    await Promise.race([this.#pumping, deadline]);
    cancel();
    this.#link.close();
  }

  point(point: Point): void {
    this.#tell({ kind: 'point', value: point });
  }

  hole(hole: Hole): void {
    this.#tell({ kind: 'hole', value: hole });
  }

  alert(alert: Alert): void {
    this.#tell({ kind: 'alert', value: alert });
  }

  summary(summary: CallSummary): void {
    this.#tell({ kind: 'summary', value: summary });
  }

  /** The call's state is deleted, now or when Redis is back, and nothing of the call is sent any more. */
  erased(callId: string): void {
    this.released(callId);
    this.#queue.remove(callId);
    this.#erasures.add(callId);
    this.#wake();
  }

  /** Another process goes on with the call: its state is not written from here any more. */
  released(callId: string): void {
    this.#states.forget(callId);
  }

  #tell(told: Exclude<Told, { kind: 'erased' }>): void {
    const publication = new Publication(told, this.#clock.nowMs());
    if (this.#states.tell(publication)) this.#observer.stateForgotten();
    const isWanted = this.#config.points || (told.kind !== 'point' && told.kind !== 'hole');
    if (isWanted) this.#enqueue(publication);
    this.#wake();
  }

  #enqueue(publication: Publication): void {
    const lost = this.#link.isUp ? this.#queue.push(publication) : publication;
    if (lost !== undefined) this.#dropped(lost, this.#link.isUp ? 'queue-full' : 'disconnected');
  }

  #dropped({ told }: Publication, reason: DropReason): void {
    const isLastWord = told.kind === 'alert' || (told.kind === 'summary' && told.value.state === 'ended');
    if (isLastWord) this.#states.missed(told.value.callId);
    this.#observer.dropped(told.kind, reason, told.value);
    this.#observer.usage(this.#queue.length, this.#states.size);
  }

  #linkChanged(up: boolean): void {
    this.#observer.connectionChanged(up);
    if (up) {
      this.#states.restoreAll();
      this.#erasures.resume();
      this.#wake();
    } else {
      for (const publication of this.#queue.take(Number.POSITIVE_INFINITY)) {
        this.#dropped(publication, 'disconnected');
      }
    }
  }

  #wake(): void {
    if (this.#pumping !== null || !this.#hasWork()) return;
    this.#pumping = this.#pump()
      .catch((cause: unknown) => {
        this.#reporter.report(new UndertoneError('UT_INTERNAL', 'A batch was given up.', { cause }));
      })
      .finally(() => {
        this.#pumping = null;
      });
  }

  #hasWork(): boolean {
    const waits = this.#queue.length > 0 || this.#states.hasPending || this.#erasures.hasPending;
    return waits && this.#link.isUp;
  }

  async #pump(): Promise<void> {
    // All results of one commit are told in one go: they are to leave together.
    await setImmediate();
    while (this.#hasWork()) await this.#round();
  }

  async #round(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const erased = this.#erasures.take(MAX_BATCH);
    const writes = this.#states.takePending(MAX_BATCH, nowMs);
    const missed = writes.filter(({ reason }) => reason === 'missed');
    const publications = this.#queue.take(MAX_BATCH);
    const commands = [
      ...erased.flatMap((callId) => erasing(this.#names, callId, this.#config.stateTtlMs)),
      ...writes.map((write) => writing(this.#names, write)),
      ...missed.map((write) => announcing(this.#names, write)),
      ...publications.map((publication) => publishing(this.#names, publication)),
    ];
    const failures = await sendBatch(this.#client, commands);
    this.#settleErasures(erased, failures.splice(0, erased.length * ERASING_COMMANDS));
    this.#settleStates(writes, failures.splice(0, writes.length));
    this.#settleAnnouncements(missed, failures.splice(0, missed.length));
    this.#settlePublications(publications, failures);
    const [oldest] = publications;
    if (oldest !== undefined) this.#observer.batchDone(this.#clock.nowMs() - oldest.toldAtMs);
    this.#observer.usage(this.#queue.length, this.#states.size);
  }

  #settleErasures(erased: readonly string[], failures: readonly (Error | null)[]): void {
    for (const [i, callId] of erased.entries()) {
      const own = failures.slice(i * ERASING_COMMANDS, (i + 1) * ERASING_COMMANDS);
      const failure = own.find((error) => error !== null);
      if (failure === undefined) this.#observer.published('erased');
      else this.#tryLater(failure, () => this.#erasures.defer(callId));
    }
  }

  #settleStates(writes: readonly StateWrite[], failures: readonly (Error | null)[]): void {
    for (const [i, write] of writes.entries()) {
      const failure = failures[i] ?? null;
      this.#observer.stateWritten(failure === null);
      if (failure !== null) this.#tryLater(failure, () => this.#states.defer(write));
    }
  }

  #settleAnnouncements(missed: readonly StateWrite[], failures: readonly (Error | null)[]): void {
    for (const [i, write] of missed.entries()) {
      const failure = failures[i] ?? null;
      if (failure === null) this.#observer.published('state');
      else this.#tryLater(failure, () => this.#states.defer(write));
    }
  }

  #settlePublications(publications: readonly Publication[], failures: readonly (Error | null)[]): void {
    for (const [i, { told }] of publications.entries()) {
      const failure = failures[i] ?? null;
      if (failure === null) this.#observer.published(told.kind, told.value);
      else {
        this.#reporter.report(redisError(failure, this.#place));
        this.#observer.dropped(told.kind, isReply(failure) ? 'refused' : 'unacknowledged', told.value);
      }
    }
  }

  #tryLater(failure: Error, defer: () => void): void {
    defer();
    this.#reporter.report(redisError(failure, this.#place));
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    this.#clock.setTimer(() => {
      this.#isRetrying = false;
      this.#states.resume();
      this.#erasures.resume();
      this.#wake();
    }, RETRY_MS);
  }
}
