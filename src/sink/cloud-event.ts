import type { NewRecord } from '../bus/index.js';

/** `ce_type` of each event of the result topics. */
export const EVENT_TYPES = {
  point: 'undertone.point.v1',
  hole: 'undertone.hole.v1',
  alert: 'undertone.alert.v1',
  call: 'undertone.call.v1',
} as const;
export type EventKind = keyof typeof EVENT_TYPES;

/**
 * CloudEvents 1.0 in Kafka binary mode: attributes as `ce_…` headers, data as the value.
 *
 * @param id unique among events of this source; the same event sent twice has the same id
 * @param data JSON value of the event; `data.emittedAt` or the like becomes `ce_time`
 */
export function cloudEvent(
  kind: EventKind,
  id: string,
  callId: string,
  time: string,
  data: object,
): NewRecord {
  return {
    key: callId,
    value: Buffer.from(JSON.stringify(data)),
    headers: {
      ce_specversion: '1.0',
      ce_type: EVENT_TYPES[kind],
      ce_id: id,
      ce_source: '/undertone/worker',
      ce_subject: callId,
      ce_time: time,
      'content-type': 'application/json',
    },
  };
}
