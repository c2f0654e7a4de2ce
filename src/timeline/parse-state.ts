import { z } from 'zod';
import type { Json } from '../calls/index.js';
import { UndertoneError } from '../errors.js';

/** A part of a state that only its owner understands. */
export const anyJson: z.ZodType<Json> = z.json();

/**
 * What another owner of the call handed over, if it has the shape that is understood here.
 *
 * @param place whose state it is
 * @throws UT_TIMELINE_BAD_STATE
 */
export function parseState<T>(schema: z.ZodType<T>, state: Json, place: string): T {
  const parsed = schema.safeParse(state);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new UndertoneError('UT_TIMELINE_BAD_STATE', `${field}${issue.message}.`, { place });
}
