import { metric } from '../metric-names.js';

const { windowDelay, windows, feedsRefused, feedsOpened } = metric;

/** What users are promised, and how often it may fail. */
export interface Objective {
  /** Stands in the names of its rules. */
  readonly name: string;
  /** Share of events that may go wrong, over 30 days. */
  readonly budget: number;
  /** Share of events that went wrong within a range such as `5m`. */
  readonly errorRatio: (range: string) => string;
}

/** Refusals that are the installation's fault; wrong credentials are not. */
const OWN_REFUSALS = 'code=~"UT_INGEST_TOO_MANY_STREAMS|UT_INGEST_SHUTTING_DOWN"';

export const OBJECTIVES = {
  windowDelay: {
    name: 'window_delay',
    budget: 0.01,
    errorRatio: (range) =>
      `1 - sum(rate(${windowDelay}_bucket{le="0.5"}[${range}])) / sum(rate(${windowDelay}_count[${range}]))`,
  },
  windowsLost: {
    name: 'windows_lost',
    budget: 0.001,
    errorRatio: (range) =>
      `sum(rate(${windows}{outcome=~"overload|error"}[${range}])) / sum(rate(${windows}[${range}]))`,
  },
  feedsRefused: {
    name: 'feeds_refused',
    budget: 0.001,
    errorRatio: (range) => {
      const refused = `sum(rate(${feedsRefused}{${OWN_REFUSALS}}[${range}]))`;
      return `${refused} / (${refused} + sum(rate(${feedsOpened}[${range}])))`;
    },
  },
} as const satisfies Record<string, Objective>;

/** Ranges that the burn-rate alerts look at. */
export const RANGES = ['5m', '30m', '1h', '6h', '3d'] as const;
export type Range = (typeof RANGES)[number];

/** Name of the recorded share of errors. */
export const ratioName = ({ name }: Objective, range: Range) => `undertone:${name}:error_ratio_rate${range}`;
