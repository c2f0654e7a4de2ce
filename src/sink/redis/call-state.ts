import { z } from 'zod';
import { alertSchema, callSummarySchema, pointSchema } from '../../timeline/index.js';
import type { Publication } from './publication.js';

export const CALL_STATE_TYPE = 'undertone.call-state.v1';
const MAX_ALERTS = 20;

/** Value of a state key: all that a reader who comes late needs to show a call. */
export const callStateSchema = z
  .object({
    callId: z.string().min(1).describe('Conversation, as the telephony side named it.'),
    tenant: z.string().min(1).describe('Whose call it is.'),
    state: z.enum(['live', 'ended']).describe('`ended` once the last summary was made.'),
    summary: callSummarySchema.nullable().describe('Newest summary; null before the first.'),
    points: z
      .partialRecord(z.enum(['customer', 'agent', 'mixed']), pointSchema)
      .describe('Newest point of each leg.'),
    alerts: z
      .array(alertSchema)
      .describe(`Newest event of each of the call's newest ${MAX_ALERTS} alerts; \`raised\` ones stand.`),
  })
  .describe('The latest state of a call.');
export type CallStateDocument = z.infer<typeof callStateSchema>;

/** The latest state of one call, as it is told here. */
export class CallState {
  readonly callId: string;
  readonly tenant: string;
  /** Wall clock of the newest event, milliseconds since the epoch. */
  touchedAtMs: number;
  isEnded = false;
  #summary: Publication | undefined;
  readonly #points = new Map<string, Publication>();
  readonly #alerts = new Map<string, Publication>();

  constructor(callId: string, tenant: string, nowMs: number) {
    this.callId = callId;
    this.tenant = tenant;
    this.touchedAtMs = nowMs;
  }

  /** @returns whether the document is another one now */
  apply(publication: Publication): boolean {
    const { told } = publication;
    this.touchedAtMs = publication.toldAtMs;
    if (told.kind === 'point') this.#points.set(told.value.leg, publication);
    else if (told.kind === 'alert') this.#applyAlert(told.value.alertId, publication);
    else if (told.kind === 'summary') {
      this.#summary = publication;
      this.isEnded = told.value.state === 'ended';
    } else return false;
    return true;
  }

  /** JSON of {@link callStateSchema}, put together from the texts that are published as well. */
  text(): string {
    const { callId, tenant } = this;
    const state = this.isEnded ? 'ended' : 'live';
    const head = JSON.stringify({ type: CALL_STATE_TYPE, callId, tenant, state });
    const points = [...this.#points].map(([leg, point]) => `"${leg}":${point.text}`);
    const alerts = [...this.#alerts.values()].map(({ text }) => text);
    return `${head.slice(0, -1)},"summary":${this.#summary?.text ?? 'null'},"points":{${points}},"alerts":[${alerts}]}`;
  }

  #applyAlert(alertId: string, publication: Publication): void {
    this.#alerts.delete(alertId);
    this.#alerts.set(alertId, publication);
    for (const oldest of this.#alerts.keys()) {
      if (this.#alerts.size > MAX_ALERTS) this.#alerts.delete(oldest);
    }
  }
}
