import { clearProblems } from "../../contract/credentials";
import type { Read } from "../../contract";
import type { AlertsConfig } from "./schema";

/**
 * Checks that credentials of receivers are encrypted; nothing is read.
 *
 * @param secrets paths of values that are secret
 */
export function readCredentials({ receivers }: AlertsConfig, secrets: readonly string[]): Read<undefined> {
  const problems = Object.entries(receivers).flatMap(([name, { email, webhook, chat }]) => {
    const at = `monitoring.alerts.receivers.${name}`;
    return [
      ...(email?.password === undefined ? [] : clearProblems(`${at}.email.password`, secrets)),
      ...(webhook?.token === undefined ? [] : clearProblems(`${at}.webhook.token`, secrets)),
      ...(chat ? clearProblems(`${at}.chat.url`, secrets) : []),
    ];
  });
  return { files: undefined, problems };
}
