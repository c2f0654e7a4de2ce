/** Every bound of the console. Together they bound its memory, whatever the number of calls and of watchers. */
export interface ConsoleLimits {
  /** Calls held, live and ended. Past it the oldest ended call goes, or else the call heard of longest ago. */
  readonly maxCalls: number;
  /** Of them, ended ones. */
  readonly maxEndedCalls: number;
  /** Points held for each leg, the newest, 0.7 kB each; 1200 are ten minutes at the default hop. */
  readonly maxPointsPerLeg: number;
  /** Holes held for each leg, the newest. */
  readonly maxHolesPerLeg: number;
  /** Alerts held, the newest; `raised` and `ended` of one alert count once. */
  readonly maxAlerts: number;
  /** Ids of erased calls remembered, so that late records of them are not shown. */
  readonly maxErasedCalls: number;
  /** An ended call leaves the console after this. */
  readonly keepEndedMs: number;
  /** A live call that nothing was heard of for so long leaves the console too: its worker is gone. */
  readonly keepQuietMs: number;
  /** Events kept so that a stream can be resumed after a broken connection. */
  readonly maxResumeEvents: number;
  /** The same in bytes of UTF-16 text. */
  readonly maxResumeBytes: number;
  /** Event streams open at once. */
  readonly maxStreams: number;
  /** A stream whose reader leaves more than this unread is closed. */
  readonly maxStreamBacklogBytes: number;
  /** How often a stream with nothing to say shows that it is alive. */
  readonly heartbeatMs: number;
  /** Life of a sign-in. */
  readonly sessionMs: number;
}

export const DEFAULT_CONSOLE_LIMITS: ConsoleLimits = {
  maxCalls: 200,
  maxEndedCalls: 50,
  maxPointsPerLeg: 1200,
  maxHolesPerLeg: 200,
  maxAlerts: 200,
  maxErasedCalls: 1000,
  keepEndedMs: 15 * 60_000,
  keepQuietMs: 10 * 60_000,
  maxResumeEvents: 4000,
  maxResumeBytes: 4 << 20,
  maxStreams: 100,
  maxStreamBacklogBytes: 1 << 20,
  heartbeatMs: 10_000,
  sessionMs: 12 * 3_600_000,
};
