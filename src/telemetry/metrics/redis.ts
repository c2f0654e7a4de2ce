import { WAIT_SECONDS } from './buckets.js';
import { counter, gauge, histogram, optionalGauge } from './definition.js';
import { LABEL } from './labels.js';

/** Live results through Redis. */
export const REDIS_METRICS = {
  redisUp: optionalGauge(
    'redis_up',
    'Whether results can be published through Redis now: 1 or 0; absent where none is configured.',
    '0',
  ),
  redisPublished: counter('redis_published_total', 'Messages that Redis took.', {
    labels: { kind: LABEL.published },
  }),
  redisDropped: counter(
    'redis_dropped_total',
    'Messages that did not go out; `unacknowledged`: sent, no answer came.',
    { labels: { kind: LABEL.publication, reason: LABEL.dropReason }, look: 'it grows' },
  ),
  redisStateWrites: counter('redis_state_writes_total', 'Latest states of calls by outcome.', {
    labels: { outcome: LABEL.stateOutcome },
  }),
  redisStatesForgotten: counter(
    'redis_states_forgotten_total',
    'Latest states forgotten because more calls are remembered than redis.maxCallStates.',
    { look: 'it grows' },
  ),
  redisQueue: gauge('redis_queue_publications', 'Messages that wait for Redis.'),
  redisStates: gauge('redis_states', 'Calls whose latest state this process remembers.'),
  redisPublishDelay: histogram(
    'redis_publish_seconds',
    "From the oldest result of a batch to Redis' answer to the whole batch.",
    WAIT_SECONDS,
  ),
} as const;
