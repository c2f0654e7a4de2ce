#!/usr/bin/env node
/**
 * Shows the latest state of a call, then its points and the alerts of its tenant as they come.
 *
 *   node follow.mjs --call CALL --tenant TENANT [--url redis://user:password@host:6379] [--prefix undertone]
 *
 * `rediss://` encrypts. Every line printed is `WHAT: TEXT`.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';

const { values } = parseArgs({
  options: {
    call: { type: 'string' },
    tenant: { type: 'string' },
    url: { type: 'string', default: 'redis://127.0.0.1:6379' },
    prefix: { type: 'string', default: 'undertone' },
  },
});
const { call, tenant, url, prefix } = values;
if (!call || !tenant) {
  console.error('Usage: node follow.mjs --call CALL --tenant TENANT [--url URL] [--prefix PREFIX]');
  process.exit(2);
}

const callChannel = `${prefix}:calls:${call}`;
const alertsChannel = `${prefix}:alerts:${tenant}`;
const options = { maxRetriesPerRequest: null, disableClientInfo: true };
const subscriber = new Redis(url, options);
const reader = new Redis(url, options);
/** Newest window shown of each leg: a message may be older than the state that was read. */
const shown = new Map();

for (const client of [subscriber, reader]) client.on('error', ({ message }) => print('connection', message));
subscriber.on('message', (_channel, text) => show(JSON.parse(text)));
// After every connection: first subscribe, then read the state, so that nothing falls between the two.
subscriber.on('ready', async () => {
  try {
    await subscriber.subscribe(callChannel, alertsChannel);
    const state = await reader.get(`${prefix}:call:${call}`);
    if (state === null) print('state', 'nothing is known of this call yet');
    else show(JSON.parse(state));
  } catch (error) {
    print('connection', error.message);
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    subscriber.disconnect();
    reader.disconnect();
  });
}

function show(event) {
  switch (event.type) {
    case 'undertone.call-state.v1':
      return showState(event);
    case 'undertone.point.v1':
      return showPoint(event);
    case 'undertone.hole.v1':
      return print('hole', `${event.leg} ${seconds(event.startMs)}–${seconds(event.endMs)} ${event.reason}`);
    case 'undertone.alert.v1':
      return print('alert', `${event.state} ${event.severity} in call ${event.callId}: ${event.reason}`);
    case 'undertone.call.v1':
      return print('summary', `${event.state}, ${seconds(event.durationMs)}, ${event.alertsRaised} alerts`);
    case 'undertone.call-erased.v1':
      shown.clear();
      return print('erased', 'forget everything about this call');
    default:
      return undefined;
  }
}

function showState({ state, summary, points, alerts }) {
  print('state', `${state}, ${summary === null ? 'no summary yet' : seconds(summary.durationMs)}`);
  for (const point of Object.values(points)) showPoint(point);
  for (const alert of alerts) if (alert.state === 'raised') show(alert);
}

function showPoint({ leg, windowIndex, endMs, label, confidence }) {
  if (windowIndex <= (shown.get(leg) ?? -1)) return;
  shown.set(leg, windowIndex);
  print(
    'point',
    `${leg} ${seconds(endMs)} ${label ?? 'silent'}${confidence === null ? '' : ` ${confidence}`}`,
  );
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function print(what, text) {
  console.log(`${what}: ${text}`);
}
