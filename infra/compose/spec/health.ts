import type { ComposeHealthCheck } from "../../../compose";
import type { HealthCheck, HealthTiming } from "../../service/spec/health";
import type { Given } from "./given";

/** A health check; where the file has none, the image's. */
export function healthOf(check: ComposeHealthCheck | undefined, text: Given["text"]): HealthCheck | undefined {
  if (check === undefined) return undefined;
  const { test = [], intervalSeconds, timeoutSeconds, retries, startPeriodSeconds, startIntervalSeconds } = check;
  const timing: HealthTiming = {
    intervalSeconds,
    timeoutSeconds,
    retries,
    startSeconds: startPeriodSeconds,
    startIntervalSeconds,
  };
  const [kind, line = "", ...rest] = test;
  if (kind === undefined) return timing;
  if (kind === "NONE") return "none";
  if (kind === "CMD-SHELL") return { shell: text(line), ...timing };
  return { command: [line, ...rest].map(text), ...timing };
}
