/** Time as the parts see it; handed in, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. Never goes back, so that differences are durations. */
  nowMs(): number;
  /** Calls `action` once after `delayMs`, unless the returned function is called before. */
  setTimer(action: () => void, delayMs: number): CancelTimer;
}

export type CancelTimer = () => void;

/** The clock of the machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  setTimer(action, delayMs) {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
