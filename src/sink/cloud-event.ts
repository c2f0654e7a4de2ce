import type { NewRecord } from '../bus/index.js';

/** `ce_type` of each event of the result topics. */
export const EVENT_TYPES = {
  point: 'undertone.point.v1',
  hole: 'undertone.hole.v1',
  alert: 'undertone.alert.v1',
  call: 'undertone.call.v1',
  erased: 'undertone.erased.v1',
} as const;
export type EventKind = keyof typeof EVENT_TYPES;

/** What a CloudEvent of Undertone says of itself. */
export interface EventAttributes {
  /** Unique among events of its origin; the same event made again has the same id. */
  readonly id: string;
  readonly callId: string;
  /** Record of the audio log that began the call, `topic/partition/offset`: two calls of one id differ in it. */
  readonly origin: string;
  /** RFC 3339; becomes `ce_time`. */
  readonly time: string;
}

/**
 * CloudEvents 1.0 in Kafka binary mode: attributes as `ce_…` headers, data as the value.
 *
 * @param data JSON value of the event; null for a tombstone
 */
export function cloudEvent(kind: EventKind, event: EventAttributes, data: object | null): NewRecord {
  return {
    key: event.callId,
    value: data === null ? null : Buffer.from(JSON.stringify(data)),
    headers: {
      ce_specversion: '1.0',
      ce_type: EVENT_TYPES[kind],
      ce_id: event.id,
      ce_source: `/undertone/worker/${event.origin}`,
      ce_subject: event.callId,
      ce_time: event.time,
      'content-type': 'application/json',
    },
  };
}
