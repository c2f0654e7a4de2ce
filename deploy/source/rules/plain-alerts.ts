import { metric, ofUndertone } from '../metric-names.js';
import type { Alert } from './alert.js';

const { partReady, redisUp, consoleSourceUp, kafkaLag, records, deadLetters } = metric;
const { inferenceThreadsGivenUp, partitionsLost, callsNotRebuilt, eventLoopDelay } = metric;
const { feedsRefused, feedFaults, feedsOpened, audioLostSeconds, audioHeardSeconds } = metric;

const CREDENTIALS = 'code=~"UT_INGEST_BAD_TOKEN|UT_INGEST_BAD_SIGNATURE|UT_INGEST_FOREIGN_ORIGIN"';

/** Alerts on what needs a person, whatever the budgets say. */
export const PLAIN_ALERTS: readonly Alert[] = [
  {
    name: 'UndertoneNoWorker',
    severity: 'page',
    threshold: 1,
    expr: (workers) => `(sum(${partReady}{part="worker"}) or vector(0)) < ${workers}`,
    holdsFor: '1m',
    summary: 'No call is analysed: no worker is ready.',
  },
  {
    name: 'UndertoneNotReady',
    severity: 'ticket',
    threshold: 1,
    expr: (ready) => `min by (instance, part) (${partReady}) < ${ready}`,
    holdsFor: '5m',
    summary: 'The {{ $labels.part }} on {{ $labels.instance }} has not been ready for minutes.',
  },
  {
    name: 'UndertoneRedisDown',
    severity: 'ticket',
    threshold: 1,
    expr: (up) => `min by (instance) (${redisUp} or ${consoleSourceUp}) < ${up}`,
    holdsFor: '1m',
    summary:
      'Live results stand still for who hears of them through Redis: {{ $labels.instance }} does not reach it.',
  },
  {
    name: 'UndertoneLag',
    severity: 'page',
    threshold: 10,
    expr: (seconds) => `sum(${kafkaLag}) / sum(rate(${records}[5m])) > ${seconds}`,
    holdsFor: '3m',
    summary: 'Workers are {{ $value | humanizeDuration }} behind the calls.',
  },
  {
    name: 'UndertoneDeadLetters',
    severity: 'ticket',
    threshold: 0,
    expr: (letters) => `sum by (reason) (increase(${deadLetters}[15m])) > ${letters}`,
    holdsFor: '0m',
    summary: 'Records could not be used and went to the dead letters: {{ $labels.reason }}.',
  },
  {
    name: 'UndertoneThreadsGivenUp',
    severity: 'ticket',
    threshold: 0,
    expr: (threads) => `sum by (instance) (${inferenceThreadsGivenUp}) > ${threads}`,
    holdsFor: '0m',
    summary: '{{ $labels.instance }} classifies with fewer threads than it should: {{ $value }} kept dying.',
  },
  {
    name: 'UndertonePartitionsLost',
    severity: 'ticket',
    threshold: 3,
    expr: (times) => `sum(increase(${partitionsLost}[30m])) > ${times}`,
    holdsFor: '0m',
    summary: 'Partitions are torn from workers again and again; emotions of their calls pause each time.',
  },
  {
    name: 'UndertoneCallsNotRebuilt',
    severity: 'ticket',
    threshold: 0,
    expr: (calls) => `sum(increase(${callsNotRebuilt}[15m])) > ${calls}`,
    holdsFor: '0m',
    summary: 'Calls lost their past when they moved to another worker: {{ $value | humanize }} have a hole.',
  },
  {
    name: 'UndertoneMainLoopLate',
    severity: 'ticket',
    threshold: 0.05,
    expr: (seconds) =>
      `min_over_time(max by (instance) (${eventLoopDelay}{quantile="0.99"})[10m:1m]) > ${seconds}`,
    holdsFor: '5m',
    summary: 'The main loop of {{ $labels.instance }} is late all the time: {{ $value | humanizeDuration }}.',
  },
  {
    name: 'UndertoneRestarts',
    severity: 'ticket',
    threshold: 3,
    expr: (starts) => `(changes(process_start_time_seconds[1h]) ${ofUndertone}) > ${starts}`,
    holdsFor: '0m',
    summary: '{{ $labels.instance }} was started again {{ $value }} times within an hour.',
  },
  {
    name: 'UndertoneFeedsUnauthorized',
    severity: 'ticket',
    threshold: 10,
    expr: (feeds) => `sum by (code) (increase(${feedsRefused}{${CREDENTIALS}}[15m])) > ${feeds}`,
    holdsFor: '0m',
    summary: 'Feeds show wrong credentials: {{ $labels.code }}. Their calls are not analysed.',
  },
  {
    name: 'UndertoneFeedFaults',
    severity: 'ticket',
    threshold: 0.05,
    expr: (share) =>
      `sum(increase(${feedFaults}[15m])) / clamp_min(sum(increase(${feedsOpened}[15m])), 30) > ${share}`,
    holdsFor: '5m',
    summary: '{{ $value | humanizePercentage }} of the feeds are ended for what they send.',
  },
  {
    name: 'UndertoneAudioLost',
    severity: 'ticket',
    threshold: 0.01,
    expr: (share) => `sum(rate(${audioLostSeconds}[15m])) / sum(rate(${audioHeardSeconds}[15m])) > ${share}`,
    holdsFor: '15m',
    summary: '{{ $value | humanizePercentage }} of the audio is lost on its way to the gateway.',
  },
];
