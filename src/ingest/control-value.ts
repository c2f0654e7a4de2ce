import { z } from 'zod';
import { type AudioChunk, type AudioLogRecord, LEGS } from './audio-log.js';
import type { RecordHeaders } from './record-headers.js';

export type ControlRecord = Exclude<AudioLogRecord, AudioChunk>;

/** Longest hole or pause a record may state: a day. */
export const MAX_DURATION_MS = 86_400_000;

const durationMs = z.number().min(0).max(MAX_DURATION_MS);

/** One character a block, `1` voiced and `0` not: 10 s of a leg take 625 bytes. */
const voicedText = z
  .string()
  .regex(/^[01]*$/, 'must consist of 0 and 1')
  .max(65_536);

const VALUES = {
  'call.started': z.object({
    live: z.boolean(),
    notice: z.enum(['given', 'not-given', 'unknown']),
    legs: z.array(z.enum(LEGS)).min(1).max(LEGS.length),
    feed: z.string().min(1).max(64),
    queue: z.string().min(1).max(64).exactOptional(),
    synthetic: z.boolean().exactOptional(),
  }),
  'call.ended': z.object({ reason: z.enum(['completed', 'idle', 'feed-lost', 'error', 'shutdown']) }),
  'call.paused': z.object({}),
  'call.resumed': z.object({ durationMs }),
  'audio.lost': z.object({ offsetMs: z.number().min(0), durationMs }),
  'voice.activity': z
    .object({ firstBlock: z.int().min(0), voiced: voicedText })
    .transform(({ firstBlock, voiced }) => ({
      firstBlock,
      voiced: [...voiced].map((block) => block === '1'),
    })),
} as const satisfies Record<ControlRecord['type'], z.ZodType>;

/** What of a control record is its JSON value: all that is neither key nor header. */
export function controlValue(record: ControlRecord): object {
  if (record.type === 'voice.activity') {
    const voiced = record.voiced.map((block) => (block ? '1' : '0')).join('');
    return { firstBlock: record.firstBlock, voiced };
  }
  const { type: _type, callId: _callId, tenant: _tenant, feedId: _feedId, ...rest } = record;
  if (!('leg' in rest)) return rest;
  const { leg: _leg, ...value } = rest;
  return value;
}

/** @throws UT_INGEST_BAD_RECORD */
export function controlFields(
  type: ControlRecord['type'],
  value: Uint8Array,
  headers: RecordHeaders,
): object {
  const parsed = VALUES[type].safeParse(parseJson(value, headers));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw headers.fault(['value', ...issue.path].join('.'), `does not fit ${type}: ${issue.message}.`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(value: Uint8Array, headers: RecordHeaders): unknown {
  try {
    return JSON.parse(utf8.decode(value));
  } catch {
    throw headers.fault('value', 'is not JSON.');
  }
}
