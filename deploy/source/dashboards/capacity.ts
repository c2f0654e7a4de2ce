import {
  BytesIEC,
  CountsPerSecond,
  PercentUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { metric, ofUndertone } from '../metric-names.js';
import { board } from './board.js';
import { figure, graph } from './panels.js';

const { callsLive, windows, inference, inferenceThreads, mainLoopBusySeconds } = metric;
const { kafkaCommitSeconds, kafkaSendSeconds, redisPublishDelay, eventLoopDelay } = metric;

/** Long enough to be calm, short enough to follow an hour of load. */
const CALM = '[5m]';
const RATE = '[$__rate_interval]';

const cpu = (range: string) => `rate(process_cpu_seconds_total${range}) ${ofUndertone}`;
const windowRate = `rate(${windows}{outcome="classified"}${CALM})`;
/** Share of the threads' time that is used, by process. */
const modelBusy = `sum by (instance) (rate(${inference}_sum${CALM})) / (sum by (instance) (${inferenceThreads}) > 0)`;
const loopBusy = `sum by (instance) (rate(${mainLoopBusySeconds}${CALM}))`;
/** Of whatever part of whatever process is busiest. */
const busiest = `max(label_replace(${modelBusy}, "stage", "model", "", "") or label_replace(${loopBusy}, "stage", "loop", "", ""))`;
const liveCalls = `(sum(${callsLive}) or vector(0))`;
const meanOf = (name: string) =>
  `sum(rate(${name}_sum${CALM})) / clamp_min(sum(rate(${name}_count${CALM})), 1e-9)`;

const now = [
  figure({ title: 'Calls live', unit: Short, description: 'Calls under analysis now.' }, liveCalls),
  figure(
    {
      title: 'Calls a core',
      unit: Short,
      description:
        'Live calls by the cores that all processes of Undertone use together. Figures from small loads flatter or slander: read it at half load or more.',
    },
    `${liveCalls} / clamp_min(sum(${cpu(CALM)}), 0.001)`,
  ),
  figure(
    {
      title: 'Headroom',
      unit: PercentUnit,
      description:
        'What is left of the busiest part: a main loop, or the threads of one process. Under 30 %: add workers before the next peak.',
    },
    `1 - ${busiest}`,
    { red: 0.3, below: true },
  ),
  figure(
    {
      title: 'Room for calls',
      unit: Short,
      description: 'Calls that fit if they are like those of now, until the busiest part is at 70 %.',
    },
    `${liveCalls} * 0.7 / clamp_min(${busiest}, 0.001)`,
  ),
  figure(
    {
      title: 'Windows',
      unit: CountsPerSecond,
      description: 'Windows classified a second, all processes together; a live leg makes about two.',
    },
    `sum(${windowRate})`,
  ),
  figure(
    {
      title: 'Cores used',
      unit: Short,
      description: 'Processor time of all processes of Undertone, seconds a second.',
    },
    `sum(${cpu(CALM)})`,
  ),
];

const busy = [
  graph(
    {
      title: 'Threads of the model',
      unit: PercentUnit,
      description:
        'Share of their time in which they compute, by process. Over 70 %: more threads or workers.',
    },
    { '{{instance}}': modelBusy },
  ),
  graph(
    {
      title: 'Main loop',
      unit: PercentUnit,
      description:
        'Share of a core that the main loop uses: audio, network, timelines. Over 70 %: more processes; threads do not help.',
    },
    { '{{instance}}': loopBusy },
  ),
  graph(
    {
      title: 'Delay of the main loop',
      unit: Seconds,
      description:
        'How late the main loop is, worst process. p99 over 0.05 s: it computes for too long at a time.',
    },
    { 'p{{quantile}}': `max by (quantile) (${eventLoopDelay})` },
  ),
];

const cost = [
  graph(
    {
      title: 'Cost of a window',
      unit: Seconds,
      description:
        'Processor time for one classified window: the model in its threads, and the main loops of all processes (decoding, features, timeline, network).',
    },
    {
      model: meanOf(inference),
      'main loops': `sum(rate(${mainLoopBusySeconds}${CALM})) / clamp_min(sum(${windowRate}), 1e-9)`,
      'all processor time': `sum(${cpu(CALM)}) / clamp_min(sum(${windowRate}), 1e-9)`,
    },
  ),
  graph(
    {
      title: 'Waiting for others',
      unit: Seconds,
      description: 'Mean time of one batch at Kafka and Redis. It costs no processor time here, but delay.',
    },
    {
      'Kafka: commit': meanOf(kafkaCommitSeconds),
      'Kafka: send': meanOf(kafkaSendSeconds),
      'Redis: publish': meanOf(redisPublishDelay),
    },
  ),
  graph(
    {
      title: 'Windows by process',
      unit: CountsPerSecond,
      description: 'Windows classified a second: how the work is spread.',
    },
    { '{{instance}}': `sum by (instance) (rate(${windows}{outcome="classified"}${RATE}))` },
  ),
];

const machine = [
  graph(
    { title: 'Processor', unit: Short, description: 'Cores in use, by process.' },
    { '{{instance}}': `sum by (instance) (${cpu(RATE)})` },
  ),
  graph(
    {
      title: 'Memory',
      unit: BytesIEC,
      description: 'Resident memory by process. It is flat under steady load.',
    },
    { '{{instance}}': `sum by (instance) (process_resident_memory_bytes ${ofUndertone})` },
  ),
  graph(
    {
      title: 'Garbage collection',
      unit: PercentUnit,
      description: 'Share of the time spent on it, by process. Over 5 %: more memory for Node.',
    },
    { '{{instance}}': `sum by (instance) (rate(nodejs_gc_duration_seconds_sum${CALM}) ${ofUndertone})` },
  ),
  graph(
    { title: 'Heap', unit: BytesIEC, description: 'Memory of JavaScript objects in use, by process.' },
    { '{{instance}}': `sum by (instance) (nodejs_heap_size_used_bytes ${ofUndertone})` },
  ),
  graph(
    {
      title: 'Open files',
      unit: PercentUnit,
      description: 'Files and sockets in use, share of what the process may have. Each feed is one.',
    },
    { '{{instance}}': `max by (instance) (process_open_fds / process_max_fds ${ofUndertone})` },
  ),
];

/** For who buys machines: how much fits, and what it costs. */
export const capacity = board(
  {
    uid: 'undertone-capacity',
    title: 'Undertone: capacity',
    description: 'How many calls fit, which part is the narrowest, and what one window costs.',
  },
  { Now: now, 'How busy': busy, Cost: cost, Machine: machine },
);
