/** An alert, with its threshold apart: tests move it and see that they notice. */
export interface Alert {
  /** Also the name of its page in docs/runbooks. */
  readonly name: string;
  /** `page`: somebody gets up; `ticket`: within the working day. */
  readonly severity: 'page' | 'ticket';
  readonly threshold: number;
  readonly expr: (threshold: number) => string;
  /** For how long it must hold, such as `5m`. */
  readonly holdsFor: string;
  /** What users see, in one sentence; `{{ $value }}` stands for what was measured. */
  readonly summary: string;
}

/** As Prometheus reads it. */
export function alertRule({ name, severity, threshold, expr, holdsFor, summary }: Alert) {
  return {
    alert: name,
    expr: expr(threshold),
    for: holdsFor,
    labels: { severity },
    annotations: { summary, runbook: `docs/runbooks/${name}.md` },
  };
}
