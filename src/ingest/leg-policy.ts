import type { Leg, Notice } from './audio-log.js';
import type { FeedFault } from './telephony/feed-event.js';

/**
 * What becomes of a leg's audio: `emotion` – it goes to the bus; `voice-activity` – only when somebody spoke does;
 * `nothing` – it is dropped.
 */
export type LegUse = 'emotion' | 'voice-activity' | 'nothing';

export interface PolicyOptions {
  /** Tenants with a recorded declaration that the agent's voice may be analysed (EU AI Act Art. 5(1)(f)). */
  readonly agentAudioDeclaredTenants: readonly string[];
  /** Tenants whose calls are analysed only after notice was given (EU AI Act Art. 50(3)). */
  readonly requireNoticeTenants: readonly string[];
}

/**
 * Decides at the gateway, before any feature is computed. A call without required notice is recorded as begun and
 * ended, so that it is accounted for, but nothing of its audio is kept or measured.
 */
export class LegPolicy {
  readonly #declared: ReadonlySet<string>;
  readonly #requiresNotice: ReadonlySet<string>;

  constructor(options: PolicyOptions) {
    this.#declared = new Set(options.agentAudioDeclaredTenants);
    this.#requiresNotice = new Set(options.requireNoticeTenants);
  }

  /** The fault for legs that may not come in at all. */
  refusal(tenant: string, legs: readonly Leg[]): FeedFault | undefined {
    if (!legs.includes('mixed') || this.#declared.has(tenant)) return undefined;
    return {
      closeCode: 1008,
      code: 'UT_INGEST_MIXED_UNDECLARED',
      message: `the leg "mixed" holds the agent's voice too, and tenant ${tenant} has not declared that it may be analysed.`,
    };
  }

  /**
   * For the worker, which hears from producers that no gateway has checked: whether features may be computed from audio
   * of this leg.
   */
  mayAnalyse(tenant: string, leg: Leg, notice: Notice): boolean {
    return this.refusal(tenant, [leg]) === undefined && this.useOf(tenant, leg, notice) === 'emotion';
  }

  useOf(tenant: string, leg: Leg, notice: Notice): LegUse {
    if (this.#requiresNotice.has(tenant) && notice !== 'given') return 'nothing';
    return leg === 'agent' && !this.#declared.has(tenant) ? 'voice-activity' : 'emotion';
  }
}
