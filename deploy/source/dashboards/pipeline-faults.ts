import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { metric, ofUndertone } from '../metric-names.js';
import { figure, graph } from './panels.js';

const {
  partReady,
  errors,
  inferenceThreadsGivenUp,
  inferenceRestarts,
  deadLetters,
  clockOffset,
  logLinesLost,
} = metric;

/** What is down or broken now. */
export const faults = [
  figure(
    { title: 'Gateways ready', unit: Short, description: 'Processes that take feeds. 0: no call comes in.' },
    `sum(${partReady}{part="gateway"}) or vector(0)`,
    { red: 1, below: true },
  ),
  figure(
    {
      title: 'Workers ready',
      unit: Short,
      description: 'Processes that analyse calls. 0: nothing is analysed, audio waits in Kafka.',
    },
    `sum(${partReady}{part="worker"}) or vector(0)`,
    { red: 1, below: true },
  ),
  figure(
    { title: 'Consoles ready', unit: Short, description: 'Processes that serve the page for supervisors.' },
    `sum(${partReady}{part="console"}) or vector(0)`,
    { red: 1, below: true },
  ),
  figure(
    {
      title: 'Starts, last hour',
      unit: Short,
      description:
        'Processes that were started or started again within the hour. More than you did yourself: one of them crashes.',
    },
    `sum(changes(process_start_time_seconds[1h]) ${ofUndertone}) or vector(0)`,
  ),
  figure(
    {
      title: 'Threads given up',
      unit: Short,
      description: 'Threads of the model that died again and again: restart their process, with more memory.',
    },
    `sum(${inferenceThreadsGivenUp})`,
    { red: 1 },
  ),
  figure(
    {
      title: 'Dead letters, last hour',
      unit: Short,
      description: 'Records that could not be used; `undertone dead-letters list` shows them.',
    },
    `sum(increase(${deadLetters}[1h]))`,
    { red: 1 },
  ),
  graph(
    {
      title: 'Errors by code',
      unit: Short,
      description:
        'Errors within five minutes, the ten most frequent codes. docs/errors.md says what to do about each.',
    },
    { '{{code}}': `topk(10, sum by (code) (increase(${errors}[5m])))` },
  ),
  graph(
    {
      title: 'Dead letters by reason',
      unit: Short,
      description:
        'Records within five minutes that could not be used, by error code. Their producer is to be mended.',
    },
    { '{{reason}}': `topk(10, sum by (reason) (increase(${deadLetters}[5m])))` },
  ),
  graph(
    {
      title: 'Restarts of threads',
      unit: Short,
      description: 'Threads of the model that died within five minutes and were replaced, by process.',
    },
    { '{{instance}}': `sum by (instance) (increase(${inferenceRestarts}[5m]))` },
  ),
  graph(
    {
      title: 'Clocks that were set',
      unit: Seconds,
      description:
        'By how much the clock of the machine is ahead of the time that the process goes by. Not 0: somebody set it, or the machine slept.',
    },
    { '{{instance}}': `max by (instance) (${clockOffset})` },
  ),
  graph(
    {
      title: 'Log lines lost',
      unit: Short,
      description:
        'Lines within five minutes that could not be written, by process: the disk under the log is full, or nobody reads it. Calls go on.',
    },
    { '{{instance}}': `sum by (instance) (increase(${logLinesLost}[5m]))` },
  ),
];
