import { z } from "zod";
import type { Resource } from "../pulumi/state";

/** A component that makes a user's password (infra/keys). */
const Login = z.object({ username: z.string().min(1), password: z.unknown() });

const types = /^swarm-farm:keys:(Login|Password)$/;

/**
 * The passwords of the farm's users, by user. From the state and not from the outputs: Pulumi keeps none after an update that
 * failed, which is when a person looks.
 *
 * @param resources with secrets in clear
 */
export function loginsOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const logins = resources
    .filter(({ type }) => types.test(type))
    .flatMap(({ outputs }) => {
      const { data } = Login.safeParse(outputs);
      const password = plain(data?.password);
      return data && typeof password === "string" ? [[data.username, password] as const] : [];
    });
  return new Map(logins);
}

const Plain = z.object({ plaintext: z.string() });

/** The value of a secret in a state that shows them; any other value as it is. */
export function plain(value: unknown): unknown {
  const { data } = Plain.safeParse(value);
  return data === undefined ? value : (JSON.parse(data.plaintext) as unknown);
}
