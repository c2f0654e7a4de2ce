import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that the reader of a dashboard chooses above it. */
export const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' };

/** A panel before it is drawn. Every one says what it shows, in which unit, and when to worry. */
export interface PanelText {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's, `@grafana/grafana-foundation-sdk/units`. */
  readonly unit: string;
}

/** Expressions by their legends; `{{label}}` stands for the value of a label. */
export type Queries = Readonly<Record<string, string>>;

/** Value from which on a panel turns red. */
export interface Limit {
  readonly red?: number;
  /** The panel turns red below the limit, not from it on. */
  readonly below?: true;
}

const HEIGHT = 8;
const STAT_HEIGHT = 4;

function targets(queries: Queries): Builder<ReturnType<DataqueryBuilder['build']>>[] {
  return Object.entries(queries).map(([legend, expr], index) =>
    new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(DATASOURCE),
  );
}

function thresholds({ red, below }: Limit): ThresholdsConfigBuilder {
  const [first, then] = below ? ['red', 'green'] : ['green', 'red'];
  const steps = [
    { value: null, color: first! },
    ...(red === undefined ? [] : [{ value: red, color: then! }]),
  ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

const tableLegend = () =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);

/** Lines over time, a third of the page wide. */
export function graph(text: PanelText, queries: Queries): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .min(0)
    .datasource(DATASOURCE)
    .targets(targets(queries))
    .height(HEIGHT)
    .span(8)
    .lineWidth(1)
    .fillOpacity(10)
    .legend(tableLegend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
}

/** Shares of a whole, on top of one another. */
export function stacked(text: PanelText, queries: Queries): TimeseriesBuilder {
  return graph(text, queries).fillOpacity(60).stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** One figure, a sixth of the page wide. */
export function figure(text: PanelText, expr: string, limit: Limit = {}): StatBuilder {
  return new StatBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(DATASOURCE)
    .targets(targets({ [text.title]: expr }))
    .height(STAT_HEIGHT)
    .span(4)
    .colorMode(limit.red === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .thresholds(thresholds(limit));
}

export type AnyPanel = Builder<Panel>;
