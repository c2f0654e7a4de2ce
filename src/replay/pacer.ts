import type { Clock } from '../clock.js';

/**
 * Tells when audio is due. The schedule is absolute: being late once makes nothing later, and no error adds up.
 */
export class Pacer {
  /** How far behind the schedule the sender was at worst. */
  latestMs = 0;

  /**
   * @param startMs wall clock at media time 0.
   * @param speed times faster than real time; 0 waits for nothing.
   */
  constructor(
    readonly clock: Clock,
    readonly startMs: number,
    readonly speed: number,
  ) {}

  /** Resolves when media time `mediaMs` has come. */
  async until(mediaMs: number): Promise<void> {
    if (this.speed === 0) return;
    const earlyMs = this.startMs + mediaMs / this.speed - this.clock.nowMs();
    this.latestMs = Math.max(this.latestMs, -earlyMs);
    if (earlyMs > 0) await new Promise<void>((resolve) => this.clock.setTimer(resolve, earlyMs));
  }
}
