/** Errors of skopeo, and their explanation for a person. The first match counts. */
const reasons: readonly (readonly [pattern: RegExp, reason: (host: string) => string])[] = [
  [
    /toomanyrequests|too many requests|\b429\b/i,
    (host) => `${host} limits how much may be pulled (429): log in (skopeo login ${host}), or run ./farm up again later`,
  ],
  [
    /manifest unknown|name unknown|\b404\b|not found|repository does not exist/i,
    () => "its registry does not have it: correct the name or the tag",
  ],
  [
    /unauthorized|authentication required|access to the resource is denied|denied|invalid username|\b40[13]\b/i,
    (host) => `${host} refuses the login, or has no such image without one: log in again (skopeo login ${host})`,
  ],
  [
    /x509|certificate|http: server gave HTTP response/i,
    (host) => `this machine does not trust the certificate of ${host}: put its CA into /etc/containers/certs.d/${host}`,
  ],
  [
    /deadline exceeded|timeout|timed out/i,
    (host) => `${host} does not answer in time: run ./farm up again when it does`,
  ],
  [
    /connection refused|no such host|network is unreachable|no route to host|server misbehaving/i,
    (host) => `${host} cannot be reached from this machine: correct the name, or run ./farm up where it can be reached`,
  ],
  [/no space left/i, () => "the disk of the cache is full: free some space"],
  [
    /unexpected EOF|connection reset|broken pipe|\bEOF\b/i,
    (host) => `${host} broke the connection: run ./farm up again, which goes on with the layers that are missing`,
  ],
];

/** Explains an error of skopeo, and what to do. */
export function reasonOf(stderr: string, reference: string): string {
  const host = reference.slice(0, reference.indexOf("/"));
  const last = stderr.trim().split("\n").at(-1) ?? "";
  const detail = (/msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1] ?? last)
    .replaceAll('\\"', '"')
    .replace(/^Error (parsing|initializing)[^:]*"docker:\/\/[^"]*": |^.*"docker:\/\/[^"]*": /, "");
  const [, reason] = reasons.find(([pattern]) => pattern.test(detail)) ?? [];
  return `${reason?.(host) ?? "it cannot be copied"} (${detail || "no message"})`;
}
