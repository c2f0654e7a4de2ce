import { z } from 'zod';
import type { ErrorCode } from '../../errors.js';
import { maskPhoneNumbers } from '../../phone-numbers.js';
import type { FeedFault } from './feed-event.js';

/** A JSON object that names its event. */
export interface JsonMessage {
  readonly event: string;
  readonly [field: string]: unknown;
}

export function parseMessage(text: string): JsonMessage | FeedFault {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return badMessage('a text message is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return badMessage('a text message is JSON, but not an object.');
  }
  if (!('event' in parsed) || typeof parsed.event !== 'string') {
    return badMessage('a text message has no field "event" that is a string.');
  }
  return parsed as JsonMessage;
}

/** True for a message; a fault has no event. */
export function isMessage(parsed: JsonMessage | FeedFault): parsed is JsonMessage {
  return 'event' in parsed;
}

export function badMessage(message: string): FeedFault {
  return { closeCode: 1007, code: 'UT_INGEST_BAD_MESSAGE', message };
}

export function refused(code: ErrorCode, message: string): FeedFault {
  return { closeCode: 1008, code, message };
}

export function unsupportedAudio(message: string): FeedFault {
  return { closeCode: 1003, code: 'UT_INGEST_UNSUPPORTED_AUDIO', message };
}

/** The first thing that is wrong with a start message, by the path of its field. */
export function badStart(error: z.ZodError): FeedFault {
  const issue = error.issues[0]!;
  const path = issue.path.join('.') || 'the message';
  return refused('UT_INGEST_BAD_START', `in start, ${path} is wrong: ${issue.message}.`);
}

/** Names calls in keys, topics and addresses: printable ASCII, no spaces. */
export const callIdField = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters, no spaces');

export const tenantField = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be 1 to 63 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
  );

/** A line's own number as the name of a queue goes no further than this. */
export const queueField = z
  .string()
  .regex(/^[^\p{C}]{1,64}$/u, 'must be 1 to 64 characters, none of them control characters')
  .transform(maskPhoneNumbers);

export const noticeField = z.enum(['given', 'not-given', 'unknown']);
