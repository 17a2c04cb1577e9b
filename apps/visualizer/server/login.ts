import { readFileSync } from "node:fs";

/** Who may look. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads `name:password` lines. A file, because that is how Docker hands out secrets, and because an environment is
 * shown by `docker inspect`.
 */
export function readLogins(file: string): readonly [Login, ...Login[]] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const logins = lines.map((line) => {
    const [, username, password] = /^([^:]+):(.+)$/.exec(line.trim()) ?? [];
    if (!username || !password) throw new Error(`LOGIN_FILE: a line of '${file}' is not name:password`);
    return { username, password };
  });
  const [first, ...others] = logins;
  if (!first) throw new Error(`LOGIN_FILE: '${file}' is empty, so nobody could log in`);
  return [first, ...others];
}
