import type { CancelTimer, Clock } from '../clock.js';
import type { Leg } from './audio-log.js';
import { MAX_DURATION_MS } from './control-value.js';

interface Holder {
  readonly legs: readonly Leg[];
  /** The feed that announced the pause broke, and whoever took it up has not announced one itself. */
  readonly inherited: boolean;
}

/**
 * Whether audio of a call is withheld, and by which feeds.
 *
 * What always holds: a pause ends when every feed that announced it has said so. The pause of a feed whose connection
 * broke passes to the next feed with one of its legs, and is over after `limitMs` at the latest: a card number may
 * be spoken on while nobody is there to say so.
 */
export class CallPause {
  readonly #holders = new Map<string, Holder>();
  #beganAtMs = 0;
  #statedMs = 0;
  /** A feed broke meanwhile, so that nobody can say how long it was. */
  #interrupted = false;
  #cancelLimit: CancelTimer | undefined;

  /**
   * @param live whether the call went on while no feed was there to tell how long the pause was.
   * @param onOver is told that the limit ended a pause, and its length in media time.
   */
  constructor(
    readonly clock: Clock,
    readonly limitMs: number,
    readonly live: boolean,
    readonly onOver: (pausedMs: number) => void,
  ) {}

  get active(): boolean {
    return this.#holders.size > 0;
  }

  isHeldBy(feedId: string): boolean {
    return this.#holders.has(feedId);
  }

  /** @returns whether the call was not paused before. */
  begin(feedId: string, legs: readonly Leg[]): boolean {
    const begins = !this.active;
    if (begins) this.#beganAtMs = this.clock.nowMs();
    this.#holders.set(feedId, { legs, inherited: false });
    this.#stopLimit();
    return begins;
  }

  /** @returns how long the pause was, in media time, if it is over now. */
  end(feedId: string, statedMs: number): number | undefined {
    if (!this.#holders.delete(feedId)) return undefined;
    this.#stopLimit();
    this.#statedMs = Math.max(this.#statedMs, statedMs);
    return this.active ? undefined : this.#takeDuration();
  }

  /** The connection of a feed broke: its pause goes on. */
  abandon(feedId: string): void {
    const holder = this.#holders.get(feedId);
    if (!holder || holder.inherited) return;
    this.#interrupted = true;
    this.#holders.set(feedId, { ...holder, inherited: true });
    this.#cancelLimit?.();
    this.#cancelLimit = this.clock.setTimer(() => this.#limitReached(), this.limitMs);
  }

  /** A feed takes up legs: it is to end the pause of the one that lost them. */
  inherit(feedId: string, legs: readonly Leg[]): void {
    for (const [from, holder] of [...this.#holders]) {
      if (!holder.inherited || !holder.legs.some((leg) => legs.includes(leg))) continue;
      this.#holders.delete(from);
      this.#holders.set(feedId, { legs, inherited: true });
    }
  }

  /** The call is over. @returns whether it was paused. */
  stop(): boolean {
    const wasActive = this.active;
    this.#holders.clear();
    this.#stopLimit();
    return wasActive;
  }

  #limitReached(): void {
    this.#cancelLimit = undefined;
    for (const [feedId, { inherited }] of [...this.#holders]) {
      const pausedMs = inherited ? this.end(feedId, 0) : undefined;
      if (pausedMs !== undefined) this.onOver(pausedMs);
    }
  }

  #takeDuration(): number {
    const passedMs = this.live && this.#interrupted ? this.clock.nowMs() - this.#beganAtMs : 0;
    const durationMs = Math.min(Math.max(this.#statedMs, Math.round(passedMs)), MAX_DURATION_MS);
    this.#statedMs = 0;
    this.#interrupted = false;
    return durationMs;
  }

  #stopLimit(): void {
    if ([...this.#holders.values()].some(({ inherited }) => inherited)) return;
    this.#cancelLimit?.();
    this.#cancelLimit = undefined;
  }
}
