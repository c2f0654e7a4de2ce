import { CountsPerSecond, PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units';
import { metric } from '../metric-names.js';
import { graph } from './panels.js';

const { feedsOpen, feedsOpened, feedsRefused, feedFaults, feedMessages, feedPauses } = metric;
const { audioHeardSeconds, audioLostSeconds, audioDroppedSeconds, windows } = metric;
const RATE = '[$__rate_interval]';

/** What comes in. */
export const feeds = [
  graph(
    { title: 'Feeds open', unit: Short, description: 'Connections of the telephony side now, by dialect.' },
    { '{{dialect}}': `sum by (dialect) (${feedsOpen})` },
  ),
  graph(
    {
      title: 'Feeds opened and refused',
      unit: Short,
      description:
        'Within five minutes. Refused for too many streams: more gateways, or a higher gateway.maxStreams. For a token or a signature: ask the integrator.',
    },
    {
      opened: `sum(increase(${feedsOpened}[5m]))`,
      '{{code}}': `sum by (code) (increase(${feedsRefused}[5m]))`,
    },
  ),
  graph(
    {
      title: 'Feeds ended for what they sent',
      unit: Short,
      description:
        'Within five minutes, by error code: the telephony side sends what the protocol does not allow.',
    },
    { '{{code}}': `topk(10, sum by (code) (increase(${feedFaults}[5m])))` },
  ),
  graph(
    {
      title: 'Audio heard',
      unit: Short,
      description: 'Seconds of audio that come in a second, by leg: about the number of live legs.',
    },
    { '{{leg}}': `sum by (leg) (rate(${audioHeardSeconds}${RATE}))` },
  ),
  graph(
    {
      title: 'Audio lost',
      unit: PercentUnit,
      description:
        'Share of the audio that was lost before the gateway, by leg. Over a hundredth: look after the network to the telephony side.',
    },
    {
      '{{leg}}': `sum by (leg) (rate(${audioLostSeconds}${RATE})) / clamp_min(sum by (leg) (rate(${audioHeardSeconds}${RATE})), 1e-9)`,
    },
  ),
  graph(
    {
      title: 'Delivery gaps',
      unit: CountsPerSecond,
      description: 'Windows a second that could not be classified because audio was missing or withheld.',
    },
    { '{{outcome}}': `sum by (outcome) (rate(${windows}{outcome=~"gap|pause"}${RATE}))` },
  ),
  graph(
    {
      title: 'Messages',
      unit: CountsPerSecond,
      description: 'Messages taken in a second, by dialect; a live leg sends 50.',
    },
    { '{{dialect}}': `sum by (dialect) (rate(${feedMessages}${RATE}))` },
  ),
  graph(
    {
      title: 'Senders slowed down',
      unit: CountsPerSecond,
      description: 'Times a second that a socket was not read for a while. With live feeds: the bus is full.',
    },
    { '{{dialect}}': `sum by (dialect) (rate(${feedPauses}${RATE}))` },
  ),
  graph(
    {
      title: 'Audio dropped by policy',
      unit: Short,
      description:
        'Seconds of audio a second that the gateway does not pass on: agents, and calls without notice.',
    },
    { '{{leg}}': `sum by (leg) (rate(${audioDroppedSeconds}${RATE}))` },
  ),
];
