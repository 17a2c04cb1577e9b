import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseConfig } from "../../../stacks/config";
import { stacks } from "../../../stacks/index";
import { grafanaStart } from "../../../stacks/monitoring/grafana/grafana";
import { provisioning } from "../../../stacks/monitoring/grafana/provisioning";
import { grafanaSettings } from "../../../stacks/monitoring/grafana/settings";
import { plansOf } from "../../../stacks/plans";
import { withStacks } from "../../support/configs";
import { refusal } from "../../support/refusal";

const image = "grafana/grafana:12.1.0";
const withGrafana = (keys: object = {}, more: object = {}) =>
  withStacks({ monitoring: { grafana: { image, ...keys } }, ...more });

describe("plan", () => {
  const planOf = (raw: ReturnType<typeof withStacks>) => plansOf(stacks, parseConfig(raw));

  test("its image is copied, and its route is there with it alone: a farm without it may have that name for another", () => {
    const plans = planOf(withGrafana());
    expect(plans.copies).toEqual([{ reference: image, at: "monitoring.grafana.image" }]);
    expect(plans.routes.grafana).toEqual({ path: "/grafana/" });
    expect(plans.targets.grafana).toEqual({ kind: "service", service: "monitoring-grafana", port: 3000 });
    expect(planOf(withStacks({ monitoring: {} })).routes).not.toHaveProperty("grafana");
  });

  test.each([
    [{ node: "worker1" }, {}, { key: "monitoring.grafana.node", at: "worker1" }],
    [{}, { node: "worker1" }, { key: "monitoring.node", at: "worker1" }],
    [{ node: "manager1" }, { node: "worker1" }, { key: "monitoring.grafana.node", at: "manager1" }],
  ])("with %p, and %p of Prometheus, it has its data on that node", (keys, prometheus, { key, at }) => {
    const raw = withStacks({ monitoring: { ...prometheus, grafana: { image, ...keys } } });
    const placement = planOf(raw).placements.find(({ service }) => service === "monitoring-grafana");
    const constraints = [{ constraint: `node.hostname == ${at}`, key }];
    expect(placement).toEqual({
      service: "monitoring-grafana",
      key,
      constraints,
      replicas: 1,
      reservations: { memoryMiB: 256 },
    });
  });
});

test.each<[string, object, string[]]>([
  [
    "a version that changes",
    withGrafana({ image: "grafana/grafana:latest" }),
    ["monitoring.grafana.image: must not be 'latest', which is another image every day; name a version"],
  ],
  [
    "no version",
    withGrafana({ image: "grafana/grafana" }),
    ["monitoring.grafana.image: must be an image with a tag or digest, e.g. nginx:1.29"],
  ],
  ["no image", withStacks({ monitoring: { grafana: {} } }), ["monitoring.grafana.image: is missing; must be a text"]],
  ["no memory", withGrafana({ memoryMiB: 8 }), ["monitoring.grafana.memoryMiB: is 8; must be at least 128"]],
  [
    "no way to it",
    withGrafana({}, { loadbalancer: undefined }),
    ["monitoring.grafana: needs the load balancer; add loadbalancer: {}"],
  ],
  [
    "an application with its route",
    withGrafana({}, { stacks: { shop: { file: "none.yaml", routes: { grafana: { service: "web", port: 80 } } } } }),
    ["stacks.shop.routes.grafana: is a route of a stack of the farm already; choose another name"],
  ],
])("%s: refused", (_, raw, problems) => {
  expect(refusal(raw as ReturnType<typeof withStacks>).map(withoutValue)).toEqual(problems);
});

/** A message without the value that it begins with. */
const withoutValue = (line: string) => line.replace(/: is "[^"]*"; /, ": ");

describe("settings", () => {
  const settings = grafanaSettings("https://10.77.0.11/grafana/");

  test("its pages are below the prefix that the load balancer strips", () => {
    expect(settings).toMatchObject({
      GF_SERVER_ROOT_URL: "https://10.77.0.11/grafana/",
      GF_SERVER_SERVE_FROM_SUB_PATH: "false",
      GF_SECURITY_COOKIE_SECURE: "true",
    });
  });

  test("nothing is seen without a login, and nothing calls home", () => {
    const off = [
      ...["AUTH_ANONYMOUS_ENABLED", "USERS_ALLOW_SIGN_UP", "METRICS_ENABLED", "PUBLIC_DASHBOARDS_ENABLED"],
      ...["ANALYTICS_REPORTING_ENABLED", "ANALYTICS_CHECK_FOR_UPDATES", "ANALYTICS_CHECK_FOR_PLUGIN_UPDATES"],
      ...["NEWS_NEWS_FEED_ENABLED", "SNAPSHOTS_EXTERNAL_ENABLED", "PLUGINS_PLUGIN_ADMIN_ENABLED"],
    ];
    for (const name of off) expect([name, settings[`GF_${name}`]]).toEqual([name, "false"]);
    for (const name of ["PLUGINS_PREINSTALL_DISABLED", "SECURITY_DISABLE_GRAVATAR"])
      expect([name, settings[`GF_${name}`]]).toEqual([name, "true"]);
  });

  test("secrets are named by their files alone", () => {
    const secret = Object.entries(settings).filter(([name]) => /PASSWORD|SECRET/.test(name));
    expect(secret.length).toBe(2);
    for (const [name, value] of secret)
      expect([name, value]).toEqual([name, expect.stringMatching(/^\/run\/secrets\//)]);
    for (const [name] of secret) expect(name).toMatch(/__FILE$/);
  });
});

test("its data source is Prometheus on the farm's network, and its dashboards are those of a folder", () => {
  const [source, provider] = provisioning({}, { url: "http://prometheus:9090", scrapeSeconds: 60 }).map(
    ({ content }) => JSON.parse(content.toString()) as unknown,
  );
  expect(source).toMatchObject({
    apiVersion: 1,
    datasources: [
      {
        type: "prometheus",
        access: "proxy",
        url: "http://prometheus:9090",
        isDefault: true,
        editable: false,
        jsonData: { timeInterval: "60s" },
      },
    ],
  });
  expect(provider).toMatchObject({
    apiVersion: 1,
    providers: [{ type: "file", allowUiUpdates: false, options: { path: "/etc/grafana/dashboards" } }],
  });
});

describe("start", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "grafana-"));
    writeFileSync(join(folder, "password"), "s3cret");
    writeFileSync(join(folder, "key"), "k3y");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Starts the image's program, which says that it runs, with a `grafana` that does this. */
  function start(program: string) {
    writeFileSync(join(folder, "grafana"), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    const [shell = "", ...args] = grafanaStart;
    return spawnSync(shell, [...args, "echo", "runs"], {
      encoding: "utf8",
      env: {
        PATH: [folder, process.env.PATH].join(delimiter),
        GF_PATHS_CONFIG: "/etc/grafana/grafana.ini",
        GF_PATHS_DATA: folder,
        GF_PATHS_HOME: "/usr/share/grafana",
        GF_SECURITY_ADMIN_PASSWORD__FILE: join(folder, "password"),
        GF_SECURITY_SECRET_KEY__FILE: join(folder, "key"),
      },
    });
  }

  const record = 'echo "$@ with $GF_SECURITY_SECRET_KEY and $(cat)" >"$GF_PATHS_DATA/asked"';

  test("the first one leaves the password to Grafana", () => {
    expect(start(record).stdout).toBe("runs\n");
    expect(existsSync(join(folder, "asked"))).toBe(false);
  });

  test("a later one sets the password, which is in no argument", () => {
    writeFileSync(join(folder, "grafana.db"), "data");
    expect(start(record).stdout).toBe("runs\n");
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
      "cli --homepath /usr/share/grafana --config /etc/grafana/grafana.ini admin reset-admin-password --password-from-stdin with k3y and s3cret\n",
    );
  });

  test("Grafana starts although the password could not be set", () => {
    writeFileSync(join(folder, "grafana.db"), "data");
    const { stdout, stderr, status } = start("exit 1");
    expect([stdout, status]).toEqual(["runs\n", 0]);
    expect(stderr).toContain("the password of Grafana's user 'grafana' stays what it was");
  });
});
