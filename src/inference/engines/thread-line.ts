import type { CancelTimer, Clock } from '../../clock.js';
import type { SessionReply, SessionRequest } from './session-messages.js';

/** One inference thread as the pool sees it. */
export interface SessionThread {
  post(request: SessionRequest): void;
}

export interface SessionThreadEvents {
  onReply(reply: SessionReply): void;
  /** Called once, whatever ended the thread. */
  onExit(reason: string): void;
}

export type SpawnSession = (events: SessionThreadEvents) => SessionThread;

export interface ThreadLineOptions {
  readonly spawn: SpawnSession;
  readonly setTimer: Clock['setTimer'];
  /** Replacements in a row, without an answer between them, that a line gets. */
  readonly maxRestartsInARow: number;
  /** The first replacement starts at once, the second after this time, each further one after twice the time. */
  readonly restartDelayMs: number;
}

export interface ThreadLineEvents {
  onReply(line: ThreadLine, reply: SessionReply): void;
  /** The line's thread is no more. @param lost slots that it had not answered, in the order of their handing over */
  onExit(line: ThreadLine, lost: readonly number[], reason: string): void;
}

/** Windows handed to a thread at once: one runs, one is there when it ends. */
const IN_FLIGHT = 2;

/**
 * A thread and those that take its place, one after the other.
 *
 * Always holds: deaths are forgotten only when a thread of this very line answers, so a line that can only die comes
 * to its end, however well the others do.
 */
export class ThreadLine {
  readonly #options: ThreadLineOptions;
  readonly #events: ThreadLineEvents;
  #thread: SessionThread | undefined;
  #isReady = false;
  #inFlight = new Set<number>();
  /** The slot in flight must have no neighbour. */
  #isAlone = false;
  #deathsInARow = 0;
  #cancelRestart: CancelTimer = () => undefined;

  constructor(options: ThreadLineOptions, events: ThreadLineEvents) {
    this.#options = options;
    this.#events = events;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Slots handed to the thread and not answered. */
  get load(): number {
    return this.#inFlight.size;
  }

  start(): void {
    let isOver = false;
    const thread: SessionThread = this.#options.spawn({
      // A dead thread's windows run elsewhere already: what it still says must not answer them twice.
      onReply: (reply) => {
        if (!isOver) this.#onReply(reply);
      },
      onExit: (reason) => {
        isOver = true;
        this.#onExit(reason);
      },
    });
    if (!isOver) this.#thread = thread;
  }

  /** Replaces the thread that died. @returns false where the line has used up its replacements */
  startAgain(): boolean {
    const { maxRestartsInARow, restartDelayMs, setTimer } = this.#options;
    if (this.#deathsInARow > maxRestartsInARow) return false;
    if (this.#deathsInARow <= 1) this.start();
    else this.#cancelRestart = setTimer(() => this.start(), restartDelayMs * 2 ** (this.#deathsInARow - 2));
    return true;
  }

  /** @param alone the slot may only run where none is in flight */
  hasRoom(alone: boolean): boolean {
    return this.#isReady && this.load < (alone || this.#isAlone ? 1 : IN_FLIGHT);
  }

  run(slot: number, alone: boolean): void {
    this.#inFlight.add(slot);
    this.#isAlone = alone;
    this.#thread!.post({ kind: 'run', slot });
  }

  /**
   * Ends the thread, which finishes what it is doing, and a replacement that has not started; `onExit` follows.
   * No thread is ever terminated: in the middle of a run the native part would take the whole process along.
   */
  stop(): void {
    this.#cancelRestart();
    if (this.#thread === undefined) this.#events.onExit(this, [], 'it was stopped');
    else this.#thread.post({ kind: 'stop' });
  }

  #onReply(reply: SessionReply): void {
    if (reply.kind === 'ready') {
      this.#isReady = true;
    } else {
      this.#deathsInARow = 0;
      this.#inFlight.delete(reply.slot);
      this.#isAlone = false;
    }
    this.#events.onReply(this, reply);
  }

  #onExit(reason: string): void {
    const lost = [...this.#inFlight];
    this.#thread = undefined;
    this.#isReady = false;
    this.#inFlight.clear();
    this.#isAlone = false;
    this.#deathsInARow++;
    this.#events.onExit(this, lost, reason);
  }
}
