import { z } from 'zod';
import type { ActivitySnapshot } from '../call-activity.js';
import type { TimelineEntry } from '../leg-timeline.js';
import { anyJson } from '../parse-state.js';
import { roundMs } from '../rounding.js';
import { type Alert, alertSchema } from './alert.js';
import { createGauge } from './gauges.js';
import { type AlertRule, type Finding, findingSchema, type RuleGauge } from './rule.js';

/** An alert without what the call adds to it. */
export type AlertEntry = Omit<Alert, 'callId' | 'tenant' | 'queue' | 'model' | 'emittedAt'>;
type Leg = NonNullable<Alert['evidence']['leg']>;

interface Watch {
  readonly rule: AlertRule;
  readonly leg: Leg | null;
  readonly gauge: RuleGauge;
  /** The finding that stands raised. */
  standing: Finding | null;
  quietUntilMs: number;
  raised: number;
}

/** What each rule knew of each leg, in the order in which they were first asked. */
export const alertDeskState = z.array(
  z.object({
    rule: z.string(),
    kind: z.string(),
    leg: alertSchema.shape.evidence.shape.leg,
    standing: findingSchema.nullable(),
    quietUntilMs: z.number(),
    raised: z.int(),
    gauge: anyJson,
  }),
);
export type AlertDeskState = z.infer<typeof alertDeskState>;

/**
 * Watches one call by every rule that applies to it.
 *
 * Always holds: of one rule and leg at most one alert stands; each `raised` is followed by exactly one `ended` with
 * the same `alertId`, at the latest when the call ends. (Unless its rule is taken out of the configuration while the
 * call goes on: the next owner of the call knows nothing of the rule, and drops what it had found.)
 */
export class AlertDesk {
  readonly #callId: string;
  readonly #rules: readonly AlertRule[];
  readonly #watches = new Map<string, Watch>();

  constructor(
    call: { callId: string; tenant: string; queue?: string | undefined },
    rules: readonly AlertRule[],
    state: AlertDeskState = [],
  ) {
    this.#callId = call.callId;
    this.#rules = rules.filter((rule) => appliesTo(rule, call));
    for (const { rule: name, kind, leg, gauge, ...known } of state) {
      const rule = this.#rules.find((candidate) => candidate.name === name && candidate.kind === kind);
      if (rule === undefined) continue;
      this.#watches.set(keyOf(rule, leg), { rule, leg, gauge: createGauge(rule, gauge), ...known });
    }
  }

  onEntry(leg: Leg, entry: TimelineEntry): AlertEntry[] {
    return this.#ask(leg, (watch) => watch.gauge.onEntry?.(entry, watch.standing !== null) ?? null);
  }

  onActivity(activity: ActivitySnapshot): AlertEntry[] {
    return this.#ask(null, (watch) => watch.gauge.onActivity?.(activity) ?? null);
  }

  /** Ends what still stands. */
  onCallEnd(mediaMs: number): AlertEntry[] {
    return [...this.#watches.values()]
      .filter((watch) => watch.standing !== null)
      .map((watch) => this.#end(watch, { ...watch.standing!, mediaMs }));
  }

  state(): AlertDeskState {
    return [...this.#watches.values()].map(({ rule, gauge, ...known }) => ({
      rule: rule.name,
      kind: rule.kind,
      ...known,
      gauge: gauge.state(),
    }));
  }

  #ask(leg: Leg | null, find: (watch: Watch) => Finding | null): AlertEntry[] {
    return this.#rules
      .filter((rule) => isOfCall(rule) === (leg === null))
      .flatMap((rule) => {
        const watch = this.#watchOf(rule, leg);
        const finding = find(watch);
        return finding === null ? [] : this.#judge(watch, finding);
      });
  }

  #judge(watch: Watch, finding: Finding): AlertEntry[] {
    if (watch.standing === null) {
      return finding.holds && finding.mediaMs >= watch.quietUntilMs ? [this.#raise(watch, finding)] : [];
    }
    return finding.holds ? [] : [this.#end(watch, finding)];
  }

  #raise(watch: Watch, finding: Finding): AlertEntry {
    watch.standing = finding;
    watch.raised++;
    return this.#entry(watch, finding, 'raised');
  }

  #end(watch: Watch, finding: Finding): AlertEntry {
    const reason = `Over: ${watch.standing!.reason}`;
    watch.standing = null;
    watch.quietUntilMs = finding.mediaMs + watch.rule.cooldownMs;
    return this.#entry(watch, { ...finding, reason }, 'ended');
  }

  #entry(watch: Watch, finding: Finding, state: Alert['state']): AlertEntry {
    const { rule, leg } = watch;
    return {
      alertId: [this.#callId, rule.name, ...(leg === null ? [] : [leg]), watch.raised].join('/'),
      rule: rule.name,
      severity: rule.severity,
      state,
      reason: finding.reason,
      mediaMs: roundMs(finding.mediaMs),
      evidence: {
        leg,
        fromWindowIndex: finding.fromWindowIndex,
        toWindowIndex: finding.toWindowIndex,
        value: finding.value,
        threshold: finding.threshold,
      },
      confidence: finding.confidence,
    };
  }

  #watchOf(rule: AlertRule, leg: Leg | null): Watch {
    const key = keyOf(rule, leg);
    let watch = this.#watches.get(key);
    if (watch === undefined) {
      watch = { rule, leg, gauge: createGauge(rule), standing: null, quietUntilMs: 0, raised: 0 };
      this.#watches.set(key, watch);
    }
    return watch;
  }
}

const keyOf = (rule: AlertRule, leg: Leg | null): string => `${rule.name}/${leg}`;

function isOfCall(rule: AlertRule): boolean {
  return rule.kind === 'long-silence' || rule.kind === 'overlap';
}

function appliesTo(rule: AlertRule, call: { tenant: string; queue?: string | undefined }): boolean {
  const tenant = rule.tenants.length === 0 || rule.tenants.includes(call.tenant);
  const queue = rule.queues.length === 0 || (call.queue !== undefined && rule.queues.includes(call.queue));
  return tenant && queue;
}
