import type { BusRecord, NewRecord } from '../bus/index.js';
import type { AudioChunk, AudioLogRecord } from './audio-log.js';
import { type ControlRecord, controlFields, controlValue } from './control-value.js';
import { RecordHeaders } from './record-headers.js';

/** What a record carries beside itself. */
export interface RecordIdentity {
  /** Unique among the records of its feed (`ce_id`); the gateway counts from 0. */
  readonly ordinal: number;
  /** Wall clock at the gateway, milliseconds since the epoch (`ce_time`). */
  readonly timeMs?: number;
}

/** `ce_source` of a record is this and the feed's id, percent-encoded; any other source is itself the feed's id. */
const FEED_SOURCE = '/undertone/feeds/';

type LegRecord = Extract<AudioLogRecord, { leg: unknown }>;

/**
 * A record of the audio log as it stands on the bus: CloudEvents 1.0, binary mode. Everything that routing needs is
 * a header; audio is the bare bytes, control records are JSON.
 */
export function encodeAudioRecord(record: AudioLogRecord, identity: RecordIdentity): NewRecord {
  const headers = commonHeaders(record, identity);
  if ('leg' in record) Object.assign(headers, legHeaders(record));
  const value =
    record.type === 'audio.chunk'
      ? record.bytes
      : new TextEncoder().encode(JSON.stringify(controlValue(record)));
  return { key: record.callId, value, headers };
}

/** @throws UT_INGEST_BAD_RECORD with topic, partition, offset and header (or field) of what is wrong. */
export function decodeAudioRecord(record: BusRecord): AudioLogRecord {
  const headers = new RecordHeaders(record);
  headers.checkKey();
  headers.checkTime();
  const type = headers.oneOf('ce_type', TYPES);
  const base = { callId: record.key, tenant: headers.text('tenant'), feedId: feedIdOf(headers) };
  if (record.value === null) throw headers.fault('value', 'is a tombstone, and the audio log has none.');
  if (type === 'audio.chunk') return { type, ...base, ...chunkFields(headers, record.value) };
  const leg = LEG_TYPES.has(type) ? { leg: headers.leg() } : {};
  return { type, ...base, ...leg, ...controlFields(type, record.value, headers) } as ControlRecord;
}

const TYPES = [
  'audio.chunk',
  'call.started',
  'call.ended',
  'call.paused',
  'call.resumed',
  'call.erased',
  'audio.lost',
  'voice.activity',
] as const satisfies readonly AudioLogRecord['type'][];

const LEG_TYPES: ReadonlySet<AudioLogRecord['type']> = new Set<LegRecord['type']>([
  'audio.chunk',
  'audio.lost',
  'voice.activity',
]);

function commonHeaders(record: AudioLogRecord, { ordinal, timeMs }: RecordIdentity): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_type: record.type,
    ce_id: `${record.feedId}/${ordinal}`,
    ce_source: FEED_SOURCE + encodeURIComponent(record.feedId),
    ...(timeMs === undefined ? {} : { ce_time: new Date(timeMs).toISOString() }),
    'content-type': record.type === 'audio.chunk' ? 'application/octet-stream' : 'application/json',
    tenant: record.tenant,
  };
}

function legHeaders(record: LegRecord): Record<string, string> {
  if (record.type !== 'audio.chunk') return { leg: record.leg };
  return {
    leg: record.leg,
    encoding: record.encoding,
    rate: String(record.sampleRateHz),
    channels: String(record.channels),
    seq: String(record.seq),
    'offset-samples': String(record.offsetSamples),
  };
}

function chunkFields(
  headers: RecordHeaders,
  bytes: Uint8Array,
): Omit<AudioChunk, 'type' | 'callId' | 'tenant' | 'feedId'> {
  return {
    leg: headers.leg(),
    ...headers.audioFormat(bytes.byteLength),
    seq: headers.count('seq'),
    offsetSamples: headers.count('offset-samples'),
    bytes,
  };
}

function feedIdOf(headers: RecordHeaders): string {
  const source = headers.text('ce_source');
  if (!source.startsWith(FEED_SOURCE)) return source;
  try {
    return decodeURIComponent(source.slice(FEED_SOURCE.length));
  } catch {
    throw headers.fault('header ce_source', `"${source}" is not percent-encoded text.`);
  }
}
