import type { Problem } from "../../../infra/config/problem";
import type { Alert } from "../../contract/entries";
import type { AlertsConfig, MatchConfig } from "./schema";

const path = "monitoring.alerts";

/** Names of receivers and alerts that there are not, and silences with half a time. */
export function alertProblems(config: AlertsConfig, alerts: readonly Pick<Alert, "name">[]): Problem[] {
  const receivers = Object.keys(config.receivers);
  const known = alerts.map(({ name }) => name);
  return [
    ...defaultProblems(config, receivers),
    ...config.routes.flatMap(({ receiver, match }, index) => [
      ...unknownReceiver(`${path}.routes[${String(index)}].receiver`, receiver, receivers),
      ...unknownAlert(`${path}.routes[${String(index)}].match`, match, known),
    ]),
    ...config.silences.flatMap(({ match, from, to }, index) => [
      ...unknownAlert(`${path}.silences[${String(index)}].match`, match, known),
      ...halfTime(`${path}.silences[${String(index)}]`, from, to),
    ]),
    ...Object.entries(config.receivers).flatMap(([name, { email }]) =>
      email === undefined || (email.user === undefined) === (email.password === undefined)
        ? []
        : [
            {
              path: `${path}.receivers.${name}.email`,
              message: "has one of user and password; add the other, or remove it",
            },
          ],
    ),
  ];
}

function defaultProblems({ receiver }: AlertsConfig, receivers: readonly string[]): Problem[] {
  if (receiver !== undefined) return unknownReceiver(`${path}.receiver`, receiver, receivers);
  const message = `is missing, and there are several receivers; name the one for alerts that no route matches: ${receivers.join(", ")}`;
  return receivers.length > 1 ? [{ path: `${path}.receiver`, message }] : [];
}

function unknownReceiver(at: string, name: string, receivers: readonly string[]): Problem[] {
  if (receivers.includes(name)) return [];
  const list = receivers.length === 0 ? "there are none" : `receivers: ${receivers.join(", ")}`;
  return [{ path: at, message: `is '${name}', which is not under ${path}.receivers; ${list}` }];
}

/** One with a wrong name would never hold, and nobody would notice. */
function unknownAlert(at: string, { alert }: MatchConfig, known: readonly string[]): Problem[] {
  if (alert === undefined || known.includes(alert)) return [];
  return [{ path: `${at}.alert`, message: `is '${alert}', which no alert has; alerts: ${known.join(", ")}` }];
}

function halfTime(at: string, from?: string, to?: string): Problem[] {
  if ((from === undefined) !== (to === undefined))
    return [{ path: at, message: "has one of from and to; add the other, or remove it" }];
  if (from !== undefined && from === to)
    return [{ path: at, message: `is from ${from} to ${from}, which is no time; leave both out for all day` }];
  return [];
}
