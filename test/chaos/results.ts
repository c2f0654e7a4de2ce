import { identityOf } from '../../src/calls/batch-outbox.js';
import type { KafkaAdmin, StoredRecord } from '../support/servers/kafka-admin.js';
import type { Troupe } from './stage.js';

export type ResultKind = 'point' | 'hole' | 'alert' | 'live' | 'final' | 'tombstone' | 'dead letter';

/** One record of the result topics, as a consumer that reads committed sees it. */
export interface Result {
  readonly kind: ResultKind;
  readonly callId: string;
  /** What makes two results the same result. */
  readonly identity: string;
  /** Everything but the wall clock, byte for byte. */
  readonly essence: string;
  readonly record: StoredRecord;
}

/** Reads all that a group of workers has written. */
export async function readResults(admin: KafkaAdmin, { topics }: Troupe): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const topic of [topics.emotions, topics.calls, topics.alerts, topics.deadLetters]) {
    const isLetters = topic === topics.deadLetters;
    for (const record of await admin.readAll(topic)) results.push(resultOf(record, isLetters));
  }
  return results;
}

/** @param isLetter it stands on the topic of the dead letters */
export function resultOf(record: StoredRecord, isLetter: boolean): Result {
  const kind = isLetter ? 'dead letter' : kindOf(record);
  const of = topicKind(record.topic);
  return {
    kind,
    callId: record.key ?? '',
    identity: `${of} ${identityOf(record.headers)}`,
    essence: `${of}/${record.partition} ${record.key} ${headersOf(record, kind)} ${contentOf(record, isLetter)}`,
    record,
  };
}

/** `reference.emotions.v1` → `emotions`. */
function topicKind(topic: string): string {
  return topic.split('.')[1]!;
}

function kindOf({ value, headers }: StoredRecord): ResultKind {
  if (value === null) return 'tombstone';
  const type = headers.ce_type;
  if (type === 'undertone.point.v1') return 'point';
  if (type === 'undertone.hole.v1') return 'hole';
  if (type === 'undertone.alert.v1') return 'alert';
  return (JSON.parse(value.toString('utf8')) as { state: string }).state === 'ended' ? 'final' : 'live';
}

/** How many summaries a call had before the last depends on the batches; so do state and what it was written with. */
function headersOf({ headers }: StoredRecord, kind: ResultKind): string {
  const { ce_time: _time, state: _state, through: _through, ...kept } = headers;
  const id = kind === 'final' ? { ce_id: (kept.ce_id ?? '').replace(/\/summary\/\d+$/, '/summary') } : {};
  return JSON.stringify({ ...kept, ...id });
}

const CLOCKS = /"(\w+At)":"[^"]*"/g;

function contentOf({ value }: StoredRecord, isLetter: boolean): string {
  if (value === null) return 'tombstone';
  return isLetter ? value.toString('base64') : value.toString('utf8').replace(CLOCKS, '"$1":""');
}
