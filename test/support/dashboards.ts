import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

export interface BoardPanel {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly expressions: readonly string[];
}

/** Panels of a dashboard, rows left out. */
export function panelsOf(board: Dashboard): readonly BoardPanel[] {
  return (board.panels ?? []).flatMap((panel) => {
    if (panel.type === 'row') return [];
    const { title = '', description = '', fieldConfig, targets = [] } = panel as PlainPanel;
    const expressions = targets.map(({ expr }) => expr);
    return [{ title, description, unit: fieldConfig?.defaults?.unit ?? '', expressions }];
  });
}

export function expressionsOf(
  board: Dashboard,
): readonly { readonly title: string; readonly expr: string }[] {
  return panelsOf(board).flatMap(({ title, expressions }) => expressions.map((expr) => ({ title, expr })));
}

/** The expression with what Grafana puts in, for a scrape each second. */
export function asAsked(expr: string): string {
  return expr.replaceAll('$__rate_interval', '10s');
}

interface PlainPanel {
  readonly title?: string;
  readonly description?: string;
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string }[];
}
