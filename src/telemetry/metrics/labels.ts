import { ERROR_CATALOGUE, type ErrorCode } from '../../errors.js';
import type { Label } from './definition.js';

/**
 * The values that labels may take. A base room loads no room of the path, so the path's words are named here again: its types
 * are checked against these lists where rooms report, and a test holds the lists against the rooms.
 */
function closed<const V extends string | number>(about: string, values: readonly V[]): Label<V> {
  return { about, values, initial: values };
}

/** Bounded by the configuration or by the cluster, not by a list. */
function configured<V extends string | number>(about: string): Label<V> {
  return { about, values: null, initial: [] };
}

/** Any code of docs/errors.md; those that begin with one of the rooms stand at 0 from the start. */
function errorCode(about: string, ...rooms: readonly string[]): Label<ErrorCode> {
  const codes = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
  return {
    about,
    values: codes,
    initial: codes.filter((code) => rooms.some((room) => code.startsWith(room))),
  };
}

/** Stands for every queue that the configuration does not name: feeds bring any name they like. */
export const OTHER_QUEUE = 'other';

/** Codes by which a connection is refused before it becomes a WebSocket. */
const REFUSALS = [
  'UT_INGEST_BAD_SIGNATURE',
  'UT_INGEST_BAD_TOKEN',
  'UT_INGEST_FOREIGN_ORIGIN',
  'UT_INGEST_SHUTTING_DOWN',
  'UT_INGEST_TOO_MANY_STREAMS',
] as const satisfies readonly ErrorCode[];

const CLOSE_CODES = [1000, 1001, 1003, 1006, 1007, 1008, 1009, 1011, 1013] as const;
const IGNORED = [
  'unknown-event',
  'dtmf',
  'mark',
  'after-stop',
  'empty-audio',
  'audio-in-pause',
  'repeated',
  'renumbered',
] as const;
const RECORD_TYPES = [
  'call.started',
  'audio.chunk',
  'voice.activity',
  'audio.lost',
  'call.paused',
  'call.resumed',
  'call.ended',
  'call.erased',
] as const;
const EMOTIONS = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise', 'uncertain'] as const;
const PUBLICATIONS = ['point', 'hole', 'alert', 'summary', 'erased'] as const;

export const LABEL = {
  dialect: closed('dialect of the feed', ['twilio', 'generic']),
  closeCode: closed('WebSocket close code, RFC 6455 §7.4', CLOSE_CODES),
  refusal: closed('error code', REFUSALS),
  ignored: closed('why it had no effect', IGNORED),
  leg: closed("whose voice it is; the agent's is counted, never judged", ['customer', 'agent', 'mixed']),
  recordType: closed('type of the record', RECORD_TYPES),
  recordOutcome: closed(
    'what became of it: taken, withheld (in a pause), known (read again after a move), refused (by law)',
    ['taken', 'withheld', 'known', 'refused', 'replaced'],
  ),
  endReason: closed('why the call ended', ['completed', 'idle', 'feed-lost', 'error', 'shutdown']),
  windowOutcome: closed('what became of the window', [
    'classified',
    'silent',
    'gap',
    'pause',
    'overload',
    'error',
  ]),
  emotion: closed('label of the timeline', EMOTIONS),
  change: closed('what became of it', ['taken', 'refused']),
  trial: closed('whether both find the same label likeliest, or why nobody knows', [
    'agree',
    'differ',
    'dropped',
    'failed',
  ]),
  rule: configured<string>('name in `alerts.rules`'),
  severity: closed('severity of the rule', ['info', 'warning', 'critical']),
  queue: {
    ...configured<string>('name in `telemetry.queues`; `other`: any other queue, or none'),
    initial: [OTHER_QUEUE],
  },
  topic: configured<string>('name in `bus.topics`'),
  partition: configured<number>('number, below `bus.partitions`'),
  feedError: errorCode('error code', 'UT_INGEST_'),
  recordError: errorCode('error code', 'UT_CALLS_', 'UT_INGEST_BAD_RECORD', 'UT_AUDIO_NOT_FINITE'),
  busError: errorCode('error code', 'UT_BUS_', 'UT_KAFKA_'),
  consoleError: errorCode('error code', 'UT_CONSOLE_'),
  anyError: errorCode('error code', 'UT_INTERNAL'),
  publication: closed('what is published', PUBLICATIONS),
  published: closed('what is published; `state` after an outage', [...PUBLICATIONS, 'state']),
  dropReason: closed('why it did not go out', ['queue-full', 'disconnected', 'unacknowledged', 'refused']),
  stateOutcome: closed('what became of it', ['written', 'failed']),
  streamEnd: closed('why it ended', ['reader-left', 'too-slow', 'shutdown']),
  spanDropReason: closed('why it was not sent', ['queue-full', 'not-taken', 'shutdown']),
  quantile: closed('share of the delays that are not longer', [0.5, 0.99, 1]),
  part: { ...closed('part of this process', ['gateway', 'worker', 'console']), initial: [] },
  version: configured<string>('version of Undertone'),
  model: configured<string>('bundle name and the start of its hash; empty without the role `worker`'),
} as const;

/** The parts that a process may have, as `/health/ready` names them. */
export type PartName = NonNullable<typeof LABEL.part.values>[number];
