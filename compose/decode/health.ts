import type { ServicePart } from "./part";
import type { Cursor } from "../yaml/cursor";
import { defined } from "./deploy";
import { duration, texts } from "./values";

/** `healthcheck` of a service. */
export function healthCheck(cursor: Cursor | undefined): ServicePart["healthCheck"] {
  if (cursor === undefined) return undefined;
  const test = cursor.get("test");
  const shell = test === undefined || test.isList ? undefined : test.text();
  const disable = cursor.get("disable")?.boolean();
  if (disable && test !== undefined) cursor.refuse("'test' and 'disable' stand together", "remove one of the two");
  return defined({
    test: shell === undefined ? (test?.isList ? texts(test) : undefined) : ["CMD-SHELL", shell],
    intervalSeconds: duration(cursor.get("interval")),
    timeoutSeconds: duration(cursor.get("timeout")),
    retries: cursor.get("retries")?.count(),
    startPeriodSeconds: duration(cursor.get("start_period")),
    startIntervalSeconds: duration(cursor.get("start_interval")),
    disable,
  });
}
