import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { ThresholdsConfigBuilder, ThresholdsMode, type Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** A query in PromQL. */
export interface Query {
  readonly expression: string;
  /** The name of its results, with their labels as `{{nodename}}`. */
  readonly legend?: string;
}

interface Subject {
  readonly title: string;
  /** The question that it answers, for a person who looks at it for the first time. */
  readonly description: string;
  /** A unit of Grafana, e.g. `bytes`. Default: a number without one. */
  readonly unit?: string;
}

/** A panel without its place; `scrapeSeconds` is known where a dashboard is made of them. */
export type PanelOf = (scrapeSeconds: number) => Builder<Panel>;

/** The data source that a person chooses on the dashboard. */
export const datasource = { type: "prometheus", uid: "${datasource}" };

interface GraphSubject extends Subject {
  /** Whether values are parts of a whole, one on top of the other. Default: false. */
  readonly stacked?: boolean;
  /** Where the axis ends, if it does not follow the values, e.g. 1 for shares. */
  readonly max?: number;
}

/** A graph over time. */
export function graph(subject: GraphSubject, ...queries: readonly [Query, ...Query[]]): PanelOf {
  const { title, description, unit = "short", stacked = false, max } = subject;
  return (scrapeSeconds) => {
    const panel = new TimeSeriesBuilder()
      .title(title)
      .description(description)
      .datasource(datasource)
      .unit(unit)
      .min(0)
      .fillOpacity(stacked ? 30 : 0)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .calcs([]),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
    if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
    if (max !== undefined) panel.max(max);
    queries.forEach((query, at) => panel.withTarget(target(query, at, scrapeSeconds).range()));
    return panel;
  };
}

interface NumberSubject extends Subject {
  /** From which value on it is red, or below which. Default: never. */
  readonly red?: { readonly from: number } | { readonly below: number };
}

/** The last value of a query as one number. */
export function number(subject: NumberSubject, query: Query): PanelOf {
  const { title, description, unit = "short", red } = subject;
  return (scrapeSeconds) =>
    new StatBuilder()
      .title(title)
      .description(description)
      .datasource(datasource)
      .unit(unit)
      .graphMode(BigValueGraphMode.None)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
      .thresholds(thresholds(red))
      .withTarget(target(query, 0, scrapeSeconds).instant());
}

function thresholds(red: NumberSubject["red"]) {
  const steps = (base: string, at?: number, color = "red") => [
    { color: base, value: null },
    ...(at === undefined ? [] : [{ color, value: at }]),
  ];
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(
      red === undefined ? steps("text") : "from" in red ? steps("green", red.from) : steps("red", red.below, "green"),
    );
}

/** The scrape interval is in each query: a data source of a Grafana elsewhere may not have it. */
function target({ expression, legend = "" }: Query, at: number, scrapeSeconds: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode("A".charCodeAt(0) + at))
    .expr(expression)
    .legendFormat(legend)
    .interval(`${String(scrapeSeconds)}s`);
}
