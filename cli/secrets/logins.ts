import { z } from "zod";
import type { Resource } from "../pulumi/state";

/** Components that generate a user's password (infra/keys). */
const Login = z.object({ username: z.string().min(1), password: z.unknown() });

const types = /^swarm-farm:keys:(Login|Password)$/;

/**
 * The passwords of the farm's users, by user. They come from the state, since there are no outputs after an update that failed.
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

/** The value of a secret in a decrypted state; other values are unchanged. */
export function plain(value: unknown): unknown {
  const { data } = Plain.safeParse(value);
  return data === undefined ? value : (JSON.parse(data.plaintext) as unknown);
}
