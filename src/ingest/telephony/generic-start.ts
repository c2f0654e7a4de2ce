import { z } from 'zod';
import { ENCODINGS, MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ } from '../../audio/index.js';
import { LEGS } from '../audio-log.js';
import type { FeedFault, FeedStart } from './feed-event.js';
import {
  badStart,
  callIdField,
  type JsonMessage,
  noticeField,
  queueField,
  tenantField,
  unsupportedAudio,
} from './json-message.js';

/** What is wrong with these fields is not a mistake in the message but audio we can not take. */
const AUDIO_FIELDS: ReadonlySet<PropertyKey> = new Set(['encoding', 'sampleRate', 'channels']);

const startMessage = z
  .object({
    callId: callIdField,
    sampleRate: z.int().min(MIN_SAMPLE_RATE_HZ).max(MAX_SAMPLE_RATE_HZ),
    channels: z.int().min(1).max(2),
    encoding: z.enum(ENCODINGS),
    legs: z.array(z.enum(LEGS)).min(1).max(2),
    live: z.boolean().default(true),
    tenant: tenantField.exactOptional(),
    queue: queueField.exactOptional(),
    notice: noticeField.default('unknown'),
    synthetic: z.boolean().default(false),
  })
  .refine(({ legs, channels }) => legs.length === channels, {
    path: ['legs'],
    message: 'must name one leg a channel',
  })
  .refine(({ legs }) => new Set(legs).size === legs.length, {
    path: ['legs'],
    message: 'must not name a leg twice',
  });

export function readGenericStart(message: JsonMessage): FeedStart | FeedFault {
  const parsed = startMessage.safeParse(message);
  if (!parsed.success) {
    const audio = parsed.error.issues.find((issue) => AUDIO_FIELDS.has(issue.path[0]!));
    if (!audio) return badStart(parsed.error);
    return unsupportedAudio(`in start, ${audio.path.join('.')} is not supported: ${audio.message}.`);
  }
  const { sampleRate, channels: _channels, ...fields } = parsed.data;
  return { type: 'start', ...fields, sampleRateHz: sampleRate };
}
