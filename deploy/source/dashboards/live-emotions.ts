import { PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units';
import { metric } from '../metric-names.js';
import { board } from './board.js';
import { figure, graph, stacked } from './panels.js';

const { points, callsByLabel, callsLive, calls, alerts, windows } = metric;

/** Labels that are taken for distress; `surprise` is not: it may be a pleasant one. */
const DISTRESS = 'label=~"angry|disgust|fear|sad"';
/** Keeps a share at 0 where nothing was heard. */
const AT_LEAST = 1e-9;

const shareOfPoints = (matcher: string, range: string) =>
  `sum(rate(${points}{${matcher}}[${range}])) / clamp_min(sum(rate(${points}[${range}])), ${AT_LEAST})`;

const now = [
  figure(
    { title: 'Calls live', unit: Short, description: 'Calls under analysis now.' },
    `sum(${callsLive}) or vector(0)`,
  ),
  figure(
    { title: 'Calls ended, last hour', unit: Short, description: 'Calls that ended within the last hour.' },
    `sum(increase(${calls}[1h]))`,
  ),
  figure(
    {
      title: 'Distress, last 5 min',
      unit: PercentUnit,
      description:
        'Share of the classified windows that are angry, disgusted, afraid or sad. Compare it with the same hour of other days, not with an ideal.',
    },
    shareOfPoints(DISTRESS, '5m'),
  ),
  figure(
    {
      title: 'Uncertain, last 5 min',
      unit: PercentUnit,
      description: 'Share of the classified windows in which no emotion was sure enough.',
    },
    shareOfPoints('label="uncertain"', '5m'),
  ),
  figure(
    {
      title: 'Critical alerts, last hour',
      unit: Short,
      description: 'Alerts of rules whose severity is critical. The console shows the calls.',
    },
    `sum(increase(${alerts}{severity="critical"}[1h])) or vector(0)`,
  ),
  figure(
    { title: 'Alerts, last hour', unit: Short, description: 'Alerts raised by all rules.' },
    `sum(increase(${alerts}[1h])) or vector(0)`,
  ),
];

const emotions = [
  stacked(
    {
      title: 'Live calls by emotion',
      unit: PercentUnit,
      description: 'Share of the live calls by the newest label of each. A call counts once it has a label.',
    },
    {
      '{{label}}': `sum by (label) (${callsByLabel}) / ignoring (label) group_left clamp_min(sum(${callsByLabel}), 1)`,
    },
  ),
  stacked(
    {
      title: 'What was heard, by emotion',
      unit: PercentUnit,
      description: 'Share of the classified windows by label: long calls weigh more than short ones.',
    },
    {
      '{{label}}': `sum by (label) (rate(${points}[$__rate_interval])) / ignoring (label) group_left clamp_min(sum(rate(${points}[$__rate_interval])), ${AT_LEAST})`,
    },
  ),
  graph(
    {
      title: 'Distress',
      unit: PercentUnit,
      description:
        'Share of the classified windows that are angry, disgusted, afraid or sad: within a quarter of an hour, and within a minute, which jumps where few calls are live.',
    },
    { '15 min': shareOfPoints(DISTRESS, '15m'), '1 min': shareOfPoints(DISTRESS, '1m') },
  ),
];

const byQueue = [
  stacked(
    {
      title: 'Live calls by queue',
      unit: Short,
      description:
        'Live calls that have a label, by the queue that the feed named; queues that `telemetry.queues` does not name stand together as other.',
    },
    { '{{queue}}': `sum by (queue) (${callsByLabel})` },
  ),
  graph(
    {
      title: 'Distress by queue',
      unit: PercentUnit,
      description:
        'Share of the classified windows of each queue within a quarter of an hour that are angry, disgusted, afraid or sad.',
    },
    {
      '{{queue}}': `sum by (queue) (rate(${points}{${DISTRESS}}[15m])) / clamp_min(sum by (queue) (rate(${points}[15m])), ${AT_LEAST})`,
    },
  ),
  graph(
    {
      title: 'Alerts by queue',
      unit: Short,
      description: 'Alerts raised within five minutes, by the queue of the call.',
    },
    { '{{queue}}': `sum by (queue) (increase(${alerts}[5m]))` },
  ),
];

const alerting = [
  graph(
    {
      title: 'Alerts by rule',
      unit: Short,
      description:
        'Alerts raised within five minutes, by the rule that raised them: the reason that the console gives in words.',
    },
    { '{{rule}}': `sum by (rule) (increase(${alerts}[5m]))` },
  ),
  graph(
    {
      title: 'Alerts by severity',
      unit: Short,
      description: 'Alerts raised within five minutes, by the severity of their rules.',
    },
    { '{{severity}}': `sum by (severity) (increase(${alerts}[5m]))` },
  ),
  stacked(
    {
      title: 'Not judged',
      unit: PercentUnit,
      description:
        'Share of the windows without a label, by why: silent (too little voice), gap (audio lost), pause (payment data), overload and error (tell the operator).',
    },
    {
      '{{outcome}}': `sum by (outcome) (rate(${windows}{outcome!="classified"}[$__rate_interval])) / ignoring (outcome) group_left clamp_min(sum(rate(${windows}[$__rate_interval])), ${AT_LEAST})`,
    },
  ),
];

/** For supervisors: the mood of the whole house, never that of somebody. */
export const liveEmotions = board(
  {
    uid: 'undertone-live-emotions',
    title: 'Undertone: live emotions',
    description:
      'What is heard in the voices of customers, all calls together. A label is a suggestion, learned from actors; no figure here is about an agent.',
  },
  { Now: now, Emotions: emotions, Queues: byQueue, Alerts: alerting },
);
