import { CountsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { metric } from '../metric-names.js';
import { graph } from './panels.js';
import { quantiles } from './quantiles.js';

const {
  windows: counted,
  windowDelay,
  windowsPending,
  inferenceQueue,
  inference,
  callsLive,
  records,
  takeOver,
  modelsHeld,
  shadowWindows,
} = metric;
const RATE = '[$__rate_interval]';

/** What becomes of audio. */
export const windows = [
  graph(
    {
      title: 'Delay of windows',
      unit: Seconds,
      description: 'From the last sample of a window to its point. The objective is 99 % within 0.5 s.',
    },
    quantiles(windowDelay, ['p50', 'p95', 'p99']),
  ),
  graph(
    {
      title: 'Windows',
      unit: CountsPerSecond,
      description:
        'Windows a second by what became of them. `overload`: skipped to keep up; `error`: every thread given them died.',
    },
    { '{{outcome}}': `sum by (outcome) (rate(${counted}${RATE}))` },
  ),
  graph(
    {
      title: 'Windows that wait',
      unit: Short,
      description:
        'For the model, by process. If it stays high, there are too few threads for so many calls.',
    },
    {
      'of partitions, {{instance}}': `sum by (instance) (${windowsPending})`,
      'at the threads, {{instance}}': `sum by (instance) (${inferenceQueue})`,
    },
  ),
  graph(
    {
      title: 'Computing a window',
      unit: Seconds,
      description: 'Time in a thread of the model. It grows when the machine is short of cores.',
    },
    quantiles(inference),
  ),
  graph(
    {
      title: 'Live calls by process',
      unit: Short,
      description: 'How the calls are spread over the workers.',
    },
    { '{{instance}}': `sum by (instance) (${callsLive})` },
  ),
  graph(
    {
      title: 'Records of the audio log',
      unit: CountsPerSecond,
      description:
        'Records a second by what became of them. `known`: read again after a partition moved; `refused`: audio that the law keeps out.',
    },
    { '{{outcome}}': `sum by (outcome) (rate(${records}${RATE}))` },
  ),
  graph(
    {
      title: 'Taking a partition over',
      unit: Seconds,
      description:
        'Mean time within the last hour for reading what the former owner left. Over 2 s: the brokers are slow.',
    },
    { mean: `sum(increase(${takeOver}_sum[1h])) / clamp_min(sum(increase(${takeOver}_count[1h])), 1)` },
  ),
  graph(
    {
      title: 'Models in memory',
      unit: Short,
      description:
        'By process: one, and after a change those that calls under way still have. Over 1 for longer than the longest call: an earlier model is not let go.',
    },
    { '{{instance}}': `sum by (instance) (${modelsHeld})` },
  ),
  graph(
    {
      title: 'Model on trial',
      unit: CountsPerSecond,
      description:
        'Windows a second that the model on trial heard too: whether it finds the same label likeliest, or had no room. Nothing of it enters results.',
    },
    { '{{outcome}}': `sum by (outcome) (rate(${shadowWindows}${RATE}))` },
  ),
];
