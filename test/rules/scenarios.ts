import { metric } from '../../deploy/source/metric-names.js';
import { counts, type Phase, repeats, type Series, stays } from './series.js';

/** What an alert must tell apart, close to its threshold on both sides. */
export interface Scenario {
  readonly alert: string;
  readonly severity: 'page' | 'ticket';
  /** Fires at the end of each. */
  readonly bad: readonly (readonly Series[])[];
  /** Does not fire at the end of any. */
  readonly good: readonly (readonly Series[])[];
  /** Thresholds with which one of them must come out wrong: one too low, one too high. */
  readonly wrong: readonly [number, number];
  readonly steps: number;
  /** Between two samples. Default 1. */
  readonly stepMinutes?: number;
  /** Samples between two looks at the rules. Default 1. */
  readonly lookEvery?: number;
}

const QUARTER_HOUR = 20;
const part = (name: string, value: number) =>
  stays(metric.partReady, `part="${name}",instance="a"`, value, QUARTER_HOUR);
const plain = { severity: 'ticket', steps: QUARTER_HOUR } as const;

/** Nothing for a while, then so many all at once. */
const burst = (name: string, labels: string, size: number, steps = QUARTER_HOUR) =>
  counts(name, labels, [0, steps / 2], [size, 1], [0, steps / 2 - 1]);

const steady = (name: string, labels: string, perStep: number) =>
  counts(name, labels, [perStep, QUARTER_HOUR]);

type Share = readonly [share: number, steps: number];
const EVENTS_A_STEP = 10_000;

/** Events of which a share goes wrong, phase by phase. */
const phases = (shares: readonly Share[], of: (share: number) => number): Phase[] =>
  shares.map(([share, steps]) => [Math.round(EVENTS_A_STEP * of(share)), steps]);

const delays = (...shares: readonly Share[]): Series[] => [
  counts(`${metric.windowDelay}_bucket`, 'le="0.5"', ...phases(shares, (share) => 1 - share)),
  counts(`${metric.windowDelay}_count`, '', ...phases(shares, () => 1)),
];
const losses = (...shares: readonly Share[]): Series[] => [
  counts(metric.windows, 'outcome="overload"', ...phases(shares, (share) => share)),
  counts(metric.windows, 'outcome="classified"', ...phases(shares, (share) => 1 - share)),
];
const refusals = (...shares: readonly Share[]): Series[] => [
  counts(metric.feedsRefused, 'code="UT_INGEST_TOO_MANY_STREAMS"', ...phases(shares, (share) => share)),
  counts(metric.feedsRefused, 'code="UT_INGEST_BAD_TOKEN"', ...phases(shares, () => 1)),
  counts(metric.feedsOpened, '', ...phases(shares, (share) => 1 - share)),
];

/** Six hours by the minute, and three days by ten minutes, against a budget. */
function burn(alert: string, budget: number, series: (...shares: readonly Share[]) => Series[]): Scenario[] {
  return [
    {
      alert,
      severity: 'page',
      bad: [series([0, 290], [16 * budget, 70]), series([6.6 * budget, 360])],
      good: [
        series([0, 290], [13 * budget, 70]),
        series([5.4 * budget, 360]),
        series([20 * budget, 290], [0, 70]),
      ],
      wrong: [12.5, 18],
      steps: 360,
      lookEvery: 5,
    },
    {
      alert,
      severity: 'ticket',
      bad: [series([1.2 * budget, 432])],
      good: [series([0.8 * budget, 432]), series([2 * budget, 390], [0, 42])],
      wrong: [0.7, 1.4],
      steps: 432,
      stepMinutes: 10,
      lookEvery: 12,
    },
  ];
}

export const SCENARIOS: readonly Scenario[] = [
  ...burn('UndertoneWindowDelay', 0.01, delays),
  ...burn('UndertoneWindowsLost', 0.001, losses),
  ...burn('UndertoneFeedsRefused', 0.001, refusals),
  {
    ...plain,
    alert: 'UndertoneNoWorker',
    severity: 'page',
    bad: [[part('worker', 0), part('gateway', 1)], []],
    good: [[part('worker', 1)]],
    wrong: [0, 2],
  },
  {
    ...plain,
    alert: 'UndertoneNotReady',
    bad: [[part('console', 0), part('worker', 1)]],
    good: [[part('console', 1), part('worker', 1)]],
    wrong: [0, 2],
  },
  {
    ...plain,
    alert: 'UndertoneRedisDown',
    bad: [[stays(metric.redisUp, '', 0, QUARTER_HOUR)], [stays(metric.consoleSourceUp, '', 0, QUARTER_HOUR)]],
    good: [[stays(metric.redisUp, '', 1, QUARTER_HOUR)], []],
    wrong: [0, 2],
  },
  {
    ...plain,
    alert: 'UndertoneLag',
    severity: 'page',
    bad: [[stays(metric.kafkaLag, '', 1200, QUARTER_HOUR), steady(metric.records, '', 6000)]],
    good: [[stays(metric.kafkaLag, '', 800, QUARTER_HOUR), steady(metric.records, '', 6000)]],
    wrong: [7, 15],
  },
  {
    ...plain,
    alert: 'UndertoneDeadLetters',
    bad: [[burst(metric.deadLetters, 'reason="UT_INGEST_BAD_RECORD"', 1)]],
    good: [[steady(metric.deadLetters, 'reason="UT_INGEST_BAD_RECORD"', 0)]],
    wrong: [-1, 5],
  },
  {
    ...plain,
    alert: 'UndertoneThreadsGivenUp',
    bad: [[burst(metric.inferenceThreadsGivenUp, 'instance="a"', 1)]],
    good: [[steady(metric.inferenceThreadsGivenUp, 'instance="a"', 0)]],
    wrong: [-1, 5],
  },
  {
    ...plain,
    alert: 'UndertonePartitionsLost',
    bad: [[burst(metric.partitionsLost, 'reason="UT_BUS_FENCED"', 5, 30)]],
    good: [[burst(metric.partitionsLost, 'reason="UT_BUS_FENCED"', 2, 30)]],
    wrong: [1, 10],
    steps: 30,
  },
  {
    ...plain,
    alert: 'UndertoneCallsNotRebuilt',
    bad: [[burst(metric.callsNotRebuilt, '', 1)]],
    good: [[steady(metric.callsNotRebuilt, '', 0)]],
    wrong: [-1, 5],
  },
  {
    ...plain,
    alert: 'UndertoneMainLoopLate',
    bad: [[stays(metric.eventLoopDelay, 'quantile="0.99",instance="a"', 0.06, QUARTER_HOUR)]],
    good: [
      [stays(metric.eventLoopDelay, 'quantile="0.99",instance="a"', 0.04, QUARTER_HOUR)],
      [repeats(metric.eventLoopDelay, 'quantile="0.99",instance="a"', [0.5, 0.5, 0.01], QUARTER_HOUR)],
    ],
    wrong: [0.03, 0.08],
  },
  {
    ...plain,
    alert: 'UndertoneRestarts',
    bad: [[starts('undertone', 5), stays(metric.build, 'job="undertone",instance="a"', 1, QUARTER_HOUR)]],
    good: [
      [starts('undertone', 2), stays(metric.build, 'job="undertone",instance="a"', 1, QUARTER_HOUR)],
      [starts('neighbour', 5), stays(metric.build, 'job="undertone",instance="a"', 1, QUARTER_HOUR)],
    ],
    wrong: [1, 8],
  },
  {
    ...plain,
    alert: 'UndertoneFeedsUnauthorized',
    bad: [[burst(metric.feedsRefused, 'code="UT_INGEST_BAD_TOKEN"', 15)]],
    good: [[burst(metric.feedsRefused, 'code="UT_INGEST_BAD_TOKEN"', 5)]],
    wrong: [2, 40],
  },
  {
    ...plain,
    alert: 'UndertoneFeedFaults',
    bad: [faults(7, 100)],
    good: [faults(4, 100), faults(1, 1)],
    wrong: [0.03, 0.09],
  },
  {
    ...plain,
    alert: 'UndertoneAudioLost',
    bad: [[counts(metric.audioLostSeconds, '', [12, 40]), counts(metric.audioHeardSeconds, '', [1000, 40])]],
    good: [[counts(metric.audioLostSeconds, '', [8, 40]), counts(metric.audioHeardSeconds, '', [1000, 40])]],
    wrong: [0.007, 0.015],
    steps: 40,
  },
].map((scenario) => scenario as Scenario);

/** A process that was started again so many times. */
function starts(job: string, times: number): Series {
  const labels = `job="${job}",instance="a"`;
  const values = Array.from({ length: QUARTER_HOUR }, (_, step) => 1000 + Math.min(step, times));
  return { series: `process_start_time_seconds{${labels}}`, values: values.join(' ') };
}

function faults(count: number, opened: number): readonly Series[] {
  return [
    burst(metric.feedFaults, 'code="UT_INGEST_BAD_MESSAGE"', count),
    burst(metric.feedsOpened, '', opened),
  ];
}
