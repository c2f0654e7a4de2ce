import type { BusRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { CALL_STATE_TYPE, type CallStateDocument, callStateSchema, MESSAGE_TYPES } from '../sink/index.js';
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

/**
 * The event of a record of a result topic; `undefined` for a type that is not the console's business.
 * A record without a value is a tombstone: its call was erased. Unknown fields are left out of the event, so what
 * is streamed has exactly the published fields.
 * Throws UT_CONSOLE_BAD_EVENT for a value that is not JSON or breaks its schema.
 */
export function eventOf(record: BusRecord): ConsoleEvent | undefined {
  if (record.value === null) return { kind: 'erased', value: { callId: record.key } };
  const { ce_type: type = '' } = record.headers;
  const place = `${record.topic}/${record.partition}/${record.offset}`;
  const parse = PARSERS.get(type);
  return parse?.(jsonOf(type, Buffer.from(record.value).toString('utf8'), place), place);
}

/**
 * The events of a message of a Redis channel, whose type stands in it, otherwise as {@link eventOf}. A latest state
 * stands for several, of which many may be known.
 * @param place for people: the channel
 */
export function eventsOfMessage(text: string, place: string): ConsoleEvent[] {
  const value = jsonOf('a message', text, place);
  const { type = '', callId } = (value ?? {}) as { readonly type?: string; readonly callId?: unknown };
  if (type === MESSAGE_TYPES.erased) return [{ kind: 'erased', value: { callId: String(callId) } }];
  if (type === CALL_STATE_TYPE) return eventsOfState(valid(callStateSchema, value, place));
  const event = PARSERS.get(type)?.(value, place);
  return event === undefined ? [] : [event];
}

/** The events of a state key. Throws UT_CONSOLE_BAD_EVENT. */
export function eventsOfStateText(text: string, key: string): ConsoleEvent[] {
  return eventsOfState(valid(callStateSchema, jsonOf('a state', text, key), key));
}

function eventsOfState({ summary, points, alerts }: CallStateDocument): ConsoleEvent[] {
  return [
    ...(summary === null ? [] : [{ kind: 'summary', value: summary } as const]),
    ...Object.values(points).map((value) => ({ kind: 'point', value }) as const),
    ...alerts.map((value) => ({ kind: 'alert', value }) as const),
  ];
}

type EventParser = (value: unknown, place: string) => ConsoleEvent;

const PARSERS: ReadonlyMap<string, EventParser> = new Map<string, EventParser>([
  [MESSAGE_TYPES.point, (value, place) => ({ kind: 'point', value: valid(pointSchema, value, place) })],
  [MESSAGE_TYPES.hole, (value, place) => ({ kind: 'hole', value: valid(holeSchema, value, place) })],
  [
    MESSAGE_TYPES.summary,
    (value, place) => ({ kind: 'summary', value: valid(callSummarySchema, value, place) }),
  ],
  [MESSAGE_TYPES.alert, (value, place) => ({ kind: 'alert', value: valid(alertSchema, value, place) })],
]);

/** A value as its schema has it. Throws UT_CONSOLE_BAD_EVENT. */
function valid<T>(schema: { parse(value: unknown): T }, value: unknown, place: string): T {
  try {
    return schema.parse(value);
  } catch (cause) {
    throw badEvent('It breaks its schema', place, cause);
  }
}

/** Throws UT_CONSOLE_BAD_EVENT. */
function jsonOf(what: string, text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badEvent(`${what} is no JSON`, place, cause);
  }
}

function badEvent(what: string, place: string, cause: unknown): UndertoneError {
  const detail = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ') : String(cause);
  return new UndertoneError('UT_CONSOLE_BAD_EVENT', `${what}: ${detail}.`, { place, cause });
}
