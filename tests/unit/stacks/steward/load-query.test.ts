import { queryOf } from "../../../../apps/steward/src/autoscale/prometheus";
import { expectPassing, seriesOf } from "../../../support/alert-cases";
import { promtool } from "../../../support/prometheus";

const policy = { min: 1, max: 6, target: 1, upCooldownSeconds: 15, downCooldownSeconds: 60 } as const;
const requests = (route: string, code: string) =>
  `swarm_farm_requests_total{route="${route}", code="${code}", instance="a"}`;
const lines = 'swarm_farm_log_lines_unparsed_total{instance="a"}';
const cores = 'container_cpu_usage_seconds_total{container_label_com_docker_swarm_service_name="web"}';

/** Series of a sample each 15 s, and the load that the steward reads of them. */
const cases: readonly (readonly [Readonly<Record<string, string>>, "requests" | "cpu", readonly number[]])[] = [
  [{ [lines]: "0x8", [requests("web", "2xx")]: "0+30x8", [requests("web", "5xx")]: "0+15x8" }, "requests", [3]],
  // Nobody has asked for it yet.
  [{ [lines]: "0x8", [requests("shop", "2xx")]: "0+30x8" }, "requests", [0]],
  // No exporter answers.
  [{ [requests("web", "2xx")]: "0 30", [lines]: "0 0" }, "requests", []],
  [{ [cores]: "0+3x8", [lines]: "0x8" }, "cpu", [0.2]],
  [{ [lines]: "0x8" }, "cpu", []],
];

(promtool === undefined ? test.skip : test)("the steward reads a load, or that there is none, or nothing", () => {
  const tests = cases.map(([series, metric, values]) => ({
    interval: "15s",
    input_series: seriesOf(series),
    promql_expr_test: [
      {
        expr: queryOf("web", { ...policy, metric }, 60),
        eval_time: "2m",
        exp_samples: values.map((value) => ({ labels: "{}", value })),
      },
    ],
  }));
  expectPassing([], tests);
});
