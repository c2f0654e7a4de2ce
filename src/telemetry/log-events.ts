import type { MetricName } from './metrics/index.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Something that the log tells, for the operator who meets the line. */
export interface LogEventDefinition {
  readonly level: LogLevel;
  /** The line's `msg`: the same words each time; what differs stands in fields. */
  readonly message: string;
  /** What to do, or why nothing needs to be done. */
  readonly remedy: string;
  /** Metrics that count the same. */
  readonly metrics: readonly MetricName[];
  /** The line is about one call and names it. */
  readonly ofCall: boolean;
}

type More = Partial<Pick<LogEventDefinition, 'metrics'>>;

const event =
  <const C extends boolean>(ofCall: C) =>
  (level: LogLevel, message: string, remedy: string, { metrics = [] }: More = {}) =>
    ({ level, message, remedy, metrics, ofCall }) as const;
const ofProcess = event(false);
const ofCall = event(true);

/** What happens to single calls in normal operation is `debug`; `info` tells of the process; anything above deserves a look. */
export const LOG_EVENTS = {
  'feed-refused': ofProcess(
    'warn',
    'a feed was refused',
    'Look up the code: wrong credentials are the integrator’s, too many streams yours.',
    { metrics: ['feedsRefused'] },
  ),
  'feed-ended-for-fault': ofCall(
    'warn',
    'a feed was ended because of what it sent',
    'Give `code` and `fault` to whoever runs the telephony side.',
    { metrics: ['feedFaults'] },
  ),
  'feed-failed': ofCall(
    'error',
    'a feed could not be served',
    'Look up the code; most often the bus is behind it.',
    {
      metrics: ['errors'],
    },
  ),
  'call-started': ofCall('debug', 'a call started', 'Nothing.'),
  'call-ended': ofCall('debug', 'a call ended', 'Nothing; results follow for a moment.'),
  'call-left': ofCall(
    'debug',
    'a gateway that is stopped leaves a call open',
    'Nothing: the call goes on where its feed comes back, or ends after `worker.idleTimeoutMs`.',
  ),
  'record-left-out': ofCall(
    'warn',
    'a record was left out',
    '`undertone dead-letters list` shows it; mend its producer.',
    { metrics: ['deadLetters'] },
  ),
  'partition-taken-over': ofProcess('info', 'a partition was taken over', 'Nothing: workers came or went.', {
    metrics: ['takeOver'],
  }),
  'partition-lost': ofProcess(
    'warn',
    'a partition was lost; its owner goes on from what stands in the log',
    'Nothing while workers restart; else see whether the worker freezes, or the brokers do.',
    { metrics: ['partitionsLost'] },
  ),
  'state-unreadable': ofCall(
    'error',
    'a state in the log is not understood',
    'Run workers of one release; the call goes on from its audio.',
    { metrics: ['callsNotRebuilt'] },
  ),
  'audio-missing': ofProcess(
    'warn',
    'calls go on as after a gap: the log no longer held their audio',
    'Keep audio for longer: `bus.kafka.retention.audioMs`.',
    { metrics: ['callsNotRebuilt'] },
  ),
  alert: ofCall('debug', 'an alert was raised or ended', 'Nothing: supervisors see it.', {
    metrics: ['alerts'],
  }),
  'call-erased': ofCall('info', 'a call was erased', 'Nothing: somebody ordered it.'),
  'thread-replaced': ofProcess(
    'error',
    'an inference thread died and was replaced; its windows are run again',
    'Give the process more memory, or take fewer threads.',
    { metrics: ['inferenceRestarts'] },
  ),
  'thread-given-up': ofProcess(
    'error',
    'an inference thread kept dying and is not replaced any more',
    'Restart the process with more memory.',
    { metrics: ['inferenceThreadsGivenUp'] },
  ),
  'engine-drop': ofProcess(
    'warn',
    'model.engine is drop: the answers mean nothing, it is for measuring only',
    'Set another `model.engine`.',
  ),
  'model-taken': ofProcess('info', 'calls that begin from now on have this model', 'Nothing.', {
    metrics: ['build', 'modelsHeld'],
  }),
  'earlier-model-did-not-close': ofProcess(
    'error',
    'an earlier model did not close cleanly',
    'Look up the code; its memory is free after the next restart.',
    { metrics: ['errors'] },
  ),
  'trial-thread-replaced': ofProcess(
    'warn',
    'the thread of the model on trial died and was replaced',
    'Give the process more memory, or end the trial; results are not touched.',
  ),
  'trial-over': ofProcess(
    'warn',
    'the thread of the model on trial kept dying: the trial is over',
    'Restart with more memory, or without the trial; results are not touched.',
  ),
  'no-model-here': ofProcess(
    'warn',
    'this process has no role that needs a model',
    'Send SIGHUP to the workers.',
  ),
  'reload-failed': ofProcess(
    'error',
    'SIGHUP: everything stays as it was',
    'Look up the code, mend the configuration or the bundle, and send the signal again.',
    { metrics: ['modelChanges'] },
  ),
  'append-waits': ofProcess(
    'debug',
    'a full partition makes its producer wait',
    'Nothing: feeds are slowed down.',
    {
      metrics: ['busAppendWait'],
    },
  ),
  'records-skipped': ofProcess(
    'warn',
    'a reader missed records that were dropped before it came',
    'Raise the bounds of the topic, or give the reader more time.',
    { metrics: ['busDropped'] },
  ),
  'reader-did-not-let-go': ofProcess(
    'error',
    'a partition moved while its reader failed to let go',
    'Look up the code of the error.',
    { metrics: ['errors'] },
  ),
  'commit-failed': ofProcess('warn', 'a commit failed', 'Look after the brokers; the batch is done again.', {
    metrics: ['kafkaCommitFailures'],
  }),
  rebalanced: ofProcess('info', 'partitions were shared out anew', 'Nothing: workers came or went.', {
    metrics: ['kafkaRebalances'],
  }),
  'earlier-owners-fenced': ofProcess('debug', 'earlier owners are fenced', 'Nothing.'),
  fenced: ofProcess(
    'warn',
    'another worker owns the partition',
    'Nothing while workers restart; else the worker was frozen, or two have one `bus.kafka.instanceId`.',
    { metrics: ['kafkaFenced'] },
  ),
  'kafka-failed': ofProcess(
    'warn',
    'Kafka failed; it is tried again',
    'Look up the code; look after the brokers.',
    {
      metrics: ['kafkaFailures'],
    },
  ),
  'kafka-client': ofProcess(
    'debug',
    'the Kafka client says something',
    'Nothing: what matters is told by other events.',
  ),
  'tls-files-kept': ofProcess(
    'warn',
    'files of TLS can not be used; new connections go on with what they held before',
    '`undertone doctor` says which. Put authority, certificate and key in place together; the next connection takes them.',
    { metrics: ['errors'] },
  ),
  'redis-connection': ofProcess('debug', 'the connection to Redis changed', 'Nothing.', {
    metrics: ['redisUp'],
  }),
  'redis-failed': ofProcess(
    'warn',
    'results can not be published through Redis',
    'Look up the code; results stand in the log all the same.',
    { metrics: ['redisUp', 'redisDropped'] },
  ),
  'console-event-unreadable': ofProcess(
    'error',
    'the console met an event that it can not read',
    'Look for a stranger who writes to the result topics, or for a worker of a newer release.',
    { metrics: ['errors'] },
  ),
  'console-source': ofProcess('debug', 'the connection of the console to Redis changed', 'Nothing.', {
    metrics: ['consoleSourceUp'],
  }),
  'console-source-failed': ofProcess(
    'warn',
    'the console can not hear of calls',
    'Look up the code; the page shows what was until then.',
    { metrics: ['consoleSourceUp'] },
  ),
  'console-failed': ofProcess('error', 'the console failed to answer', 'Look up the code.', {
    metrics: ['errors'],
  }),
  'start-waits': ofProcess(
    'error',
    'a part could not be started; it is tried again',
    'Look up the code: a server is away, or a topic is missing.',
    { metrics: ['partReady'] },
  ),
  'demo-call-failed': ofProcess('warn', 'a demo call failed', 'Look up the code.'),
  'part-did-not-close': ofProcess(
    'error',
    'a part did not close cleanly',
    'Look up the code; nothing is lost.',
    {
      metrics: ['errors'],
    },
  ),
  'traces-not-taken': ofProcess(
    'warn',
    'spans could not be sent and were dropped; told once a minute at most',
    'Look up the code; look after the receiver of traces. Calls are not touched.',
    { metrics: ['spansDropped', 'errors'] },
  ),
  'clock-set': ofProcess(
    'warn',
    'the clock of the machine was set, or the machine slept; the process goes on by the time that it began with',
    'See that the clock is right now. Where it was wrong before, restart the process, so that its times are those of others.',
    { metrics: ['clockOffset'] },
  ),
  'log-lines-lost': ofProcess(
    'warn',
    'lines of the log could not be written',
    'Make room where the log goes, or look after who reads it. Calls were not touched.',
    { metrics: ['logLinesLost'] },
  ),
  stopping: ofProcess(
    'info',
    'stopping: calls are finished first, a second signal ends at once',
    'Nothing: somebody sent a signal.',
  ),
  uncaught: ofProcess(
    'fatal',
    'an error that nobody caught',
    'Restart the process, and report the line: it is a defect, or a promise that can not be kept any more.',
  ),
  'close-too-late': ofProcess(
    'fatal',
    'did not close in time',
    'Raise `shutdown.drainMs`; with Kafka nothing is lost.',
  ),
  'close-failed': ofProcess('error', 'closing failed', 'Look up the code; with Kafka nothing is lost.'),
} as const satisfies Record<string, LogEventDefinition>;

export type LogEventName = keyof typeof LOG_EVENTS;
