import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** One metric: what it counts, told to the operator who meets it on a dashboard. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

const counter = <const L extends readonly string[] = []>(name: string, help: string, labels?: L) =>
  ({ kind: 'counter', name: `undertone_${name}`, help, labels: (labels ?? []) as L }) as const;
const gauge = <const L extends readonly string[] = []>(name: string, help: string, labels?: L) =>
  ({ kind: 'gauge', name: `undertone_${name}`, help, labels: (labels ?? []) as L }) as const;
const histogram = <const L extends readonly string[] = []>(
  name: string,
  help: string,
  buckets: readonly number[],
  labels?: L,
) => ({ kind: 'histogram', name: `undertone_${name}`, help, buckets, labels: (labels ?? []) as L }) as const;

/** From the last sample of a window to its point: the budget is 0.1 s. */
const DELAY_SECONDS = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2, 5];
const COMPUTE_SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5];
const COMMIT_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];
const WAIT_SECONDS = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 5];

const DISTANCES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1];

/** Every metric of Undertone. No label holds a call id, a phone number or a token. */
export const METRICS = {
  feedsOpen: gauge('feeds_open', 'Feeds connected now.', ['dialect']),
  feedsClosed: counter('feeds_closed_total', 'Feeds that ended, by WebSocket close code.', [
    'dialect',
    'code',
  ]),
  feedsRefused: counter(
    'feeds_refused_total',
    'Feeds refused before they became a WebSocket, by error code.',
    ['dialect', 'code'],
  ),
  feedFaults: counter('feed_faults_total', 'Feeds ended because of what they sent, by error code.', [
    'dialect',
    'code',
  ]),
  feedMessages: counter('feed_messages_total', 'Messages taken in.', ['dialect']),
  feedBytes: counter('feed_bytes_total', 'Bytes of messages taken in.', ['dialect']),
  feedIgnored: counter('feed_ignored_total', 'Messages without effect, by why.', ['dialect', 'reason']),
  feedPauses: counter('feed_pauses_total', 'Times a socket was not read for a while, to slow its sender.', [
    'dialect',
  ]),
  audioHeardSeconds: counter('audio_heard_seconds_total', 'Audio taken in, seconds of media time.', ['leg']),
  audioDroppedSeconds: counter(
    'audio_dropped_seconds_total',
    'Audio dropped by policy (agent leg, missing notice), seconds of media time.',
    ['leg'],
  ),
  audioLostSeconds: counter('audio_lost_seconds_total', 'Audio known to be lost, seconds of media time.', [
    'leg',
  ]),
  records: counter('records_total', 'Records of the audio log by type and what became of them.', [
    'type',
    'outcome',
  ]),
  callsLive: gauge('calls_live', 'Calls under analysis now, by partition.', ['partition']),
  windowsPending: gauge('windows_pending', 'Windows of a partition that wait for the model.', ['partition']),
  takeOver: histogram(
    'take_over_seconds',
    'Reading what the former owner of a partition left in the log.',
    WAIT_SECONDS,
  ),
  callsNotRebuilt: counter(
    'calls_not_rebuilt_total',
    'Calls that went on as after a gap, because the log no longer held their audio.',
  ),
  partitionsLost: counter(
    'partitions_lost_total',
    'Times a partition was lost to another worker or to a commit of unknown outcome, by error code.',
    ['reason'],
  ),
  calls: counter('calls_total', 'Calls that ended, by reason.', ['reason']),
  windows: counter(
    'windows_total',
    'Windows by what became of them: classified, silent, gap, pause, overload, error.',
    ['outcome'],
  ),
  windowDelay: histogram(
    'window_delay_seconds',
    'From the arrival of the last sample of a window to its point on the result log.',
    DELAY_SECONDS,
  ),
  inference: histogram('inference_seconds', 'Computing one window in a worker thread.', COMPUTE_SECONDS),
  inferenceQueue: gauge('inference_queue_windows', 'Windows that wait for a worker thread.'),
  inferenceRestarts: counter('inference_restarts_total', 'Worker threads that died and were replaced.'),
  inferenceThreadsGivenUp: counter(
    'inference_threads_given_up_total',
    'Worker threads that died again and again and are not replaced any more.',
  ),
  modelsHeld: gauge(
    'models_held',
    'Models in memory: one, and after a change those that calls under way still have.',
  ),
  modelChanges: counter('model_changes_total', 'Changes of the model while it ran: taken, refused.', [
    'outcome',
  ]),
  shadowWindows: counter(
    'shadow_windows_total',
    'Windows for the model on trial: agree or differ (its likeliest label is that of the model or not), dropped, failed.',
    ['outcome'],
  ),
  shadowDistance: histogram(
    'shadow_distance',
    'How far apart the probabilities of the model on trial and of the model are: 0 the same, 1 nothing in common.',
    DISTANCES,
  ),
  shadowInference: histogram(
    'shadow_inference_seconds',
    'Computing one window with the model on trial.',
    COMPUTE_SECONDS,
  ),
  alerts: counter('alerts_total', 'Alerts raised.', ['rule', 'severity']),
  busRecords: gauge('bus_records', 'Records that a partition of the memory bus holds.', [
    'topic',
    'partition',
  ]),
  busBytes: gauge('bus_bytes', 'Bytes that a partition of the memory bus holds.', ['topic', 'partition']),
  busDropped: counter('bus_dropped_total', 'Oldest records dropped from a full topic.', ['topic']),
  busAppendWait: histogram('bus_append_wait_seconds', 'How long producers waited for room.', WAIT_SECONDS, [
    'topic',
  ]),
  kafkaBufferedRecords: gauge(
    'kafka_buffered_records',
    'Audio records of this process that wait for a broker.',
  ),
  kafkaBufferedBytes: gauge('kafka_buffered_bytes', 'Their bytes.'),
  kafkaSent: counter('kafka_sent_records_total', 'Audio records that a broker has acknowledged.'),
  kafkaSendSeconds: histogram(
    'kafka_send_seconds',
    'From sending a batch of audio records to its acknowledgement.',
    COMMIT_SECONDS,
  ),
  kafkaCommitSeconds: histogram(
    'kafka_commit_seconds',
    'Writing the results and the offset of one batch.',
    COMMIT_SECONDS,
  ),
  kafkaCommitFailures: counter('kafka_commit_failures_total', 'Commits that failed, by error code.', [
    'code',
  ]),
  kafkaRebalances: counter('kafka_rebalances_total', 'Times partitions came to this worker or went from it.'),
  kafkaFenced: counter('kafka_fenced_total', 'Commits refused because another worker owns the partition.'),
  kafkaLag: gauge('kafka_lag_records', 'Records of an owned partition that have not been read.', [
    'topic',
    'partition',
  ]),
  kafkaPaused: gauge('kafka_paused', '1 while a partition is not fetched, because its work is behind.', [
    'topic',
    'partition',
  ]),
  kafkaFailures: counter('kafka_failures_total', 'Failures of the Kafka client, by error code.', ['code']),
  deadLetters: counter('dead_letters_total', 'Records that could not be read, by error code.', ['reason']),
  redisUp: gauge('redis_up', 'Whether results can be published through Redis now: 1 or 0.'),
  redisPublished: counter('redis_published_total', 'Messages that Redis took.', ['kind']),
  redisDropped: counter(
    'redis_dropped_total',
    'Messages that did not go out: queue-full, disconnected, unacknowledged (sent, no answer), refused.',
    ['kind', 'reason'],
  ),
  redisStateWrites: counter(
    'redis_state_writes_total',
    'Latest states of calls by outcome: written, failed.',
    ['outcome'],
  ),
  redisStatesForgotten: counter(
    'redis_states_forgotten_total',
    'Latest states forgotten because more calls are remembered than redis.maxCallStates.',
  ),
  redisQueue: gauge('redis_queue_publications', 'Messages that wait for Redis.'),
  redisStates: gauge('redis_states', 'Calls whose latest state this process remembers.'),
  redisPublishDelay: histogram(
    'redis_publish_seconds',
    "From the oldest result of a batch to Redis' answer to the whole batch.",
    WAIT_SECONDS,
  ),
  consoleSourceUp: gauge(
    'console_source_up',
    'Whether the console hears of calls through Redis now: 1 or 0.',
  ),
  consoleStreams: gauge('console_streams', 'Browsers connected to the console now.'),
  consoleStreamEnds: counter('console_stream_ends_total', 'Browser connections that ended, by why.', [
    'reason',
  ]),
  consoleRejections: counter(
    'console_rejections_total',
    'Requests to the console that were refused, by error code.',
    ['code'],
  ),
  eventLoopDelay: gauge('event_loop_delay_seconds', 'Delay of the main loop since the last scrape.', [
    'quantile',
  ]),
  build: gauge('build_info', 'Always 1; the labels say what runs.', ['version', 'model']),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

type LabelsOf<M extends MetricDefinition> = M['labels'][number];
type Instrument<M extends MetricDefinition> = M['kind'] extends 'counter'
  ? Counter<LabelsOf<M>>
  : M['kind'] extends 'gauge'
    ? Gauge<LabelsOf<M>>
    : Histogram<LabelsOf<M>>;

/** The instruments of one process, by the names of {@link METRICS}. */
export type Metrics = { readonly [K in MetricName]: Instrument<(typeof METRICS)[K]> };

/** Creates every metric on `registry`; one registry holds one set. */
export function createMetrics(registry: Registry): Metrics {
  const entries = Object.entries(METRICS).map(([key, metric]) => [key, instrument(metric, registry)]);
  return Object.fromEntries(entries) as Metrics;
}

function instrument(metric: MetricDefinition, registry: Registry): Counter | Gauge | Histogram {
  const common = {
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels],
    registers: [registry],
  };
  if (metric.kind === 'counter') return new Counter(common);
  if (metric.kind === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, buckets: [...(metric.buckets ?? [])] });
}
