import type { ContentFile } from "../../../infra/service/files";
import type { Dashboard } from "./dashboards/dashboard";
import { dashboardsFolder } from "./settings";

const folder = "/etc/grafana/provisioning";

/** A Prometheus as Grafana's data source. */
interface Source {
  /** On the network that both are on. */
  readonly url: string;
  /** Time between two of its scrapes. */
  readonly scrapeSeconds: number;
}

/** The files from which Grafana has its data source and dashboards; it reads JSON as YAML. */
export function provisioning(dashboards: Readonly<Record<string, Dashboard>>, source: Source): ContentFile[] {
  return [
    { path: `${folder}/datasources/farm.yaml`, content: JSON.stringify(dataSource(source)) },
    { path: `${folder}/dashboards/farm.yaml`, content: JSON.stringify(provider) },
    ...Object.entries(dashboards).map(([name, dashboard]) => ({
      path: `${dashboardsFolder}/${name}.json`,
      content: JSON.stringify(dashboard),
    })),
  ];
}

function dataSource({ url, scrapeSeconds }: Source) {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: "swarm-farm-prometheus",
        type: "prometheus",
        access: "proxy",
        url,
        isDefault: true,
        editable: false,
        // Rates need two samples: their shortest window follows from it.
        jsonData: { httpMethod: "POST", timeInterval: `${String(scrapeSeconds)}s` },
      },
    ],
  };
}

/** A dashboard that is gone from the files is gone from Grafana; copies of it and those that users made stay. */
const provider = {
  apiVersion: 1,
  providers: [
    {
      name: "farm",
      folder: "Farm",
      type: "file",
      allowUiUpdates: false,
      disableDeletion: false,
      options: { path: dashboardsFolder },
    },
  ],
};
