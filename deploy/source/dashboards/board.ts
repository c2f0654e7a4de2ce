import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnyPanel } from './panels.js';

export interface BoardText {
  /** Part of the address; stays the same for ever. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
}

/** Panels under their headings, in reading order. */
export type Rows = Readonly<Record<string, readonly AnyPanel[]>>;

/** A dashboard over the last hour, of the installation whose Prometheus is chosen above. */
export function board(text: BoardText, rows: Rows): DashboardBuilder {
  const builder = new DashboardBuilder(text.title)
    .uid(text.uid)
    .description(text.description)
    .tags(['undertone'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const [title, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder;
}
