import { counter, gauge } from './definition.js';
import { LABEL } from './labels.js';

const { dialect, leg } = LABEL;

/** What comes in at a gateway. */
export const FEED_METRICS = {
  feedsOpen: gauge('feeds_open', 'Feeds connected now.', { labels: { dialect } }),
  feedsOpened: counter('feeds_opened_total', 'Feeds that became a WebSocket.', { labels: { dialect } }),
  feedsClosed: counter('feeds_closed_total', 'Feeds that ended, by WebSocket close code.', {
    labels: { dialect, code: LABEL.closeCode },
  }),
  feedsRefused: counter(
    'feeds_refused_total',
    'Feeds refused before they became a WebSocket, by error code.',
    { labels: { dialect, code: LABEL.refusal }, look: 'it grows' },
  ),
  feedFaults: counter('feed_faults_total', 'Feeds ended because of what they sent, by error code.', {
    labels: { dialect, code: LABEL.feedError },
    look: 'it grows',
  }),
  feedMessages: counter('feed_messages_total', 'Messages taken in.', { labels: { dialect } }),
  feedBytes: counter('feed_bytes_total', 'Bytes of messages taken in.', { labels: { dialect } }),
  feedIgnored: counter('feed_ignored_total', 'Messages without effect, by why.', {
    labels: { dialect, reason: LABEL.ignored },
  }),
  feedPauses: counter('feed_pauses_total', 'Times a socket was not read for a while, to slow its sender.', {
    labels: { dialect },
  }),
  audioHeardSeconds: counter('audio_heard_seconds_total', 'Audio taken in, seconds of media time.', {
    labels: { leg },
  }),
  audioDroppedSeconds: counter(
    'audio_dropped_seconds_total',
    'Audio dropped by policy (agent leg, missing notice), seconds of media time.',
    { labels: { leg } },
  ),
  audioLostSeconds: counter('audio_lost_seconds_total', 'Audio known to be lost, seconds of media time.', {
    labels: { leg },
    look: 'over a hundredth of what is heard: the network before the gateway loses it',
  }),
} as const;
