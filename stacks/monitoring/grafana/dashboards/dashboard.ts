import {
  DashboardCursorSync,
  DashboardLinkType,
  DatasourceVariableBuilder,
  defaultDashboard,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type DashboardLink,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { datasource, type PanelOf } from "./panels";

/** One of the farm's dashboards. */
interface DashboardSpec {
  /** Of its file and in its address, `swarm-farm-NAME`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** A subject that a person chooses: the name that queries have for it, and what it is chosen from. Default: none. */
  readonly variable?: { readonly name: string; readonly metric: string; readonly label: string };
  /** Panels by row; those of a row share its width. */
  readonly rows: readonly { readonly height: number; readonly panels: readonly PanelOf[] }[];
}

/** Heights of rows, in Grafana's units of 30 pixels. */
export const height = { numbers: 4, graphs: 8 } as const;

/** The width of Grafana's grid. */
const columns = 24;

/** Found by their tag, dashboards link to each other. */
const tag = "swarm-farm";

/**
 * A dashboard in the format that every Grafana since 10 takes, in its page and in files. The SDK's own builder of it is deprecated for
 * that of its successor, which no Grafana takes in files without further settings.
 */
export function dashboardOf(spec: DashboardSpec, scrapeSeconds: number) {
  const { name, title, description, variable, rows } = spec;
  return {
    ...defaultDashboard(),
    uid: `${tag}-${name}`,
    title,
    description,
    tags: [tag],
    timezone: "browser",
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: "now-6h", to: "now" },
    refresh: "1m",
    links: [links],
    templating: { list: [sourceVariable(), ...(variable ? [queryVariable(variable)] : [])] },
    panels: placed(rows, scrapeSeconds),
  };
}

/** The other dashboards, at the same time. The SDK's builder would put them into a menu. */
const links: DashboardLink = {
  title: "",
  type: DashboardLinkType.Dashboards,
  icon: "external link",
  tooltip: "",
  tags: [tag],
  asDropdown: false,
  targetBlank: false,
  includeVars: false,
  keepTime: true,
};

/** A dashboard as Grafana reads it. */
export type Dashboard = ReturnType<typeof dashboardOf>;

function sourceVariable() {
  return new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus").build();
}

function queryVariable({ name, metric, label }: NonNullable<DashboardSpec["variable"]>) {
  const query = `label_values(${metric}, ${label})`;
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .build();
}

/** Panels with their places, and numbers that Grafana's links to a single panel use. */
function placed(rows: DashboardSpec["rows"], scrapeSeconds: number): Panel[] {
  let y = 0;
  const panels = rows.flatMap((row) => {
    const w = Math.floor(columns / row.panels.length);
    const all = row.panels.map((panel, at) => ({
      ...panel(scrapeSeconds).build(),
      gridPos: { x: at * w, y, w, h: row.height },
    }));
    y += row.height;
    return all;
  });
  return panels.map((panel, at) => ({ ...panel, id: at + 1 }));
}
