import type { Alert, CallSummary, Hole, Point } from '../../timeline/index.js';
import { EVENT_TYPES } from '../cloud-event.js';

/** What is published, with the name that metrics know it by. */
export type Told =
  | { readonly kind: 'point'; readonly value: Point }
  | { readonly kind: 'hole'; readonly value: Hole }
  | { readonly kind: 'alert'; readonly value: Alert }
  | { readonly kind: 'summary'; readonly value: CallSummary }
  | { readonly kind: 'erased'; readonly value: { readonly callId: string } };
export type PublicationKind = Told['kind'];

/** Field `type` of each message: the `ce_type` of the same event in the result log, where it has one. */
export const MESSAGE_TYPES = {
  point: EVENT_TYPES.point,
  hole: EVENT_TYPES.hole,
  alert: EVENT_TYPES.alert,
  summary: EVENT_TYPES.call,
  erased: 'undertone.call-erased.v1',
} as const satisfies Record<PublicationKind, string>;

/** One result on its way; its text is made when first needed, and once. */
export class Publication {
  readonly told: Told;
  /** Wall clock at which it was told here, milliseconds since the epoch. */
  readonly toldAtMs: number;
  #text: string | undefined;

  constructor(told: Told, toldAtMs: number) {
    this.told = told;
    this.toldAtMs = toldAtMs;
  }

  get callId(): string {
    return this.told.value.callId;
  }

  /** The event as JSON, its fields after `type`. */
  get text(): string {
    this.#text ??= `{"type":"${MESSAGE_TYPES[this.told.kind]}",${JSON.stringify(this.told.value).slice(1)}`;
    return this.#text;
  }
}
