import { z } from 'zod';
import { type AudioChunk, type AudioLogRecord, LEGS, VOICE_BLOCK_MS } from './audio-log.js';
import type { RecordHeaders } from './record-headers.js';

export type ControlRecord = Exclude<AudioLogRecord, AudioChunk>;

/** Longest hole or pause a record may state: a day. */
export const MAX_DURATION_MS = 86_400_000;

const durationMs = (about: string) => z.number().min(0).max(MAX_DURATION_MS).describe(about);

/** One character a block, `1` voiced and `0` not: 10 s of a leg take 625 bytes. */
const voicedText = z
  .string()
  .regex(/^[01]*$/, 'must consist of 0 and 1')
  .max(65_536)
  .describe(`One character for each ${VOICE_BLOCK_MS} ms: 1 where somebody speaks, 0 where nobody does.`);

/** Values of the control records by `ce_type`: they are read by it, and the published JSON Schemas are made of it. */
export const CONTROL_VALUES = {
  'call.started': z
    .object({
      live: z
        .boolean()
        .describe('True for a phone call, which cannot be slowed; false for a recording, which may wait.'),
      notice: z
        .enum(['given', 'not-given', 'unknown'])
        .describe('Whether the people on the line were told that emotion is inferred (EU AI Act Art. 50).'),
      legs: z
        .array(z.enum(LEGS))
        .min(1)
        .max(LEGS.length)
        .describe('Legs that this feed delivers, known before its first audio.'),
      feed: z.string().min(1).max(64).describe('Dialect that carried it, such as twilio or generic.'),
      firstFeed: z
        .string()
        .min(1)
        .max(200)
        .exactOptional()
        .describe(
          'Feed with whose first sample the media time of this feed began: itself, or an earlier one at the same gateway. A live call that another gateway has heard goes on with it: its media time is then counted from where the call has arrived, and whoever brought its legs before is not heard any more. Without it, media time is that of the call.',
        ),
      queue: z
        .string()
        .min(1)
        .max(64)
        .exactOptional()
        .describe('For routing and alert rules; never a phone number.'),
      synthetic: z.boolean().exactOptional().describe('True where the voices are not of people.'),
    })
    .describe('A feed of the call begins; one record for each feed, before its audio.'),
  'call.ended': z
    .object({
      reason: z
        .enum(['completed', 'idle', 'feed-lost', 'error', 'shutdown'])
        .describe(
          'The feed said so; it fell silent; it did not come back; it was at fault; the gateway stopped.',
        ),
    })
    .describe('The call is over; one record for each call, after all its audio.'),
  'call.paused': z.object({}).describe('From here on audio is withheld on purpose, until `call.resumed`.'),
  'call.erased': z
    .object({})
    .describe('What was published of the call is to be taken back, and later audio of it refused.'),
  'call.resumed': z
    .object({ durationMs: durationMs('Media time that passed in the pause, ms.') })
    .describe('The pause is over.'),
  'audio.lost': z
    .object({
      offsetMs: z.number().min(0).describe('Media time at which the hole begins, ms.'),
      durationMs: durationMs('How long the hole is, ms.'),
    })
    .describe('Audio of a leg that is known to be lost: media time goes on, nothing is heard.'),
  'voice.activity': z
    .object({
      firstBlock: z
        .int()
        .min(0)
        .describe(`First block, counted from the beginning of the leg in steps of ${VOICE_BLOCK_MS} ms.`),
      voiced: voicedText,
    })
    .describe('When somebody spoke on a leg whose audio is not passed on.')
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
  const parsed = CONTROL_VALUES[type].safeParse(parseJson(value, headers));
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
