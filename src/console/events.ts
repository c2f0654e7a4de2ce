import type { BusRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import {
  type Alert,
  alertSchema,
  type CallSummary,
  callSummarySchema,
  type Hole,
  holeSchema,
  type Point,
  pointSchema,
} from '../timeline/index.js';

/** What the console shows and streams; `kind` is the name of the server-sent event, `value` its JSON. */
export type ConsoleEvent =
  | { readonly kind: 'point'; readonly value: Point }
  | { readonly kind: 'hole'; readonly value: Hole }
  | { readonly kind: 'alert'; readonly value: Alert }
  | { readonly kind: 'summary'; readonly value: CallSummary }
  | { readonly kind: 'erased'; readonly value: { readonly callId: string } };

/** Values of the header `ce_type` that the console reads; other types pass by unread. */
export const EVENT_TYPES = {
  point: 'undertone.point.v1',
  hole: 'undertone.hole.v1',
  summary: 'undertone.call.v1',
  alert: 'undertone.alert.v1',
} as const;

/**
 * The event of a record of a result topic; `undefined` for a type that is not the console's business.
 * A record without a value is a tombstone: its call was erased. Unknown fields are left out of the event, so what
 * is streamed has exactly the published fields.
 * Throws UT_CONSOLE_BAD_EVENT for a value that is not JSON or breaks its schema.
 */
export function eventOf(record: BusRecord): ConsoleEvent | undefined {
  if (record.value === null) return { kind: 'erased', value: { callId: record.key } };
  switch (record.headers.ce_type) {
    case EVENT_TYPES.point:
      return { kind: 'point', value: parsed(record, record.value, pointSchema) };
    case EVENT_TYPES.hole:
      return { kind: 'hole', value: parsed(record, record.value, holeSchema) };
    case EVENT_TYPES.summary:
      return { kind: 'summary', value: parsed(record, record.value, callSummarySchema) };
    case EVENT_TYPES.alert:
      return { kind: 'alert', value: parsed(record, record.value, alertSchema) };
    default:
      return undefined;
  }
}

interface Parser<T> {
  parse(value: unknown): T;
}

function parsed<T>(record: BusRecord, value: Uint8Array, schema: Parser<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(value).toString('utf8')));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause);
    throw new UndertoneError('UT_CONSOLE_BAD_EVENT', `${record.headers.ce_type}: ${detail}.`, {
      place: `${record.topic}/${record.partition}/${record.offset}`,
      cause,
    });
  }
}
