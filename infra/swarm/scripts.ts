import { script, shellQuote, waitUntil } from "../remote/shell";

/** Time for a node under software emulation, four at once on two cores, to come up. */
const dockerSeconds = 600;

/** Time for a node that joined to be seen as ready by the manager: a few heartbeats. */
const readySeconds = 300;

/** What Docker said last, on its node. */
const dockerLog = "journalctl -u docker -n 12 --no-pager -o cat";

const dockerAnswers = "curl -fs -o /dev/null --unix-socket /run/docker.sock http://docker/_ping";

/** Waits for Docker, then prints what the node runs: the farm's image knows it, others are asked piece by piece. */
export function reportScript(node: string): string {
  return script(
    waitUntil(dockerAnswers, dockerSeconds, `docker on ${node} to answer`, dockerLog),
    "if [ -x /usr/lib/swarm-farm/report ]; then exec /usr/lib/swarm-farm/report; fi",
    ". /etc/os-release",
    "packages=$(if command -v dpkg-query >/dev/null; then dpkg-query -W; else rpm -qa; fi | LC_ALL=C sort | sha256sum | cut -d' ' -f1)",
    `printf '{"os":"%s %s","kernel":"%s","docker":"%s","packages":"%s"}' "$ID" "$VERSION_ID" "$(uname -r)" \\`,
    `  "$(docker version -f '{{.Server.Version}}')" "$packages"`,
  );
}

/**
 * Makes the first manager's swarm, once; it says nothing, since its tokens would be in what it says.
 *
 * @param heartbeatSeconds how often a node is to say that it lives; three times of silence and its tasks run elsewhere
 */
export function initScript(address: string, heartbeatSeconds: number): string {
  const heartbeat = `--dispatcher-heartbeat ${String(heartbeatSeconds)}s`;
  return script(
    `state=$(docker info -f '{{.Swarm.LocalNodeState}}')`,
    `[ "$state" = active ] || docker swarm init --advertise-addr ${shellQuote(address)} >/dev/null`,
    `docker swarm update ${heartbeat} >/dev/null`,
    "docker info -f '{{.Swarm.Cluster.ID}}'",
  );
}

/** The token with which a role joins; to be kept secret. */
export function tokenScript(role: "manager" | "worker"): string {
  return script(`docker swarm join-token -q ${role}`);
}

/** Time for a node that was a member before to find its swarm again after a restart. */
const rejoinSeconds = 30;

/** Time for a join to be answered; Docker itself gives up waiting after 20 s and goes on in the background. */
const joinSeconds = 300;

/**
 * Joins the swarm with the token from standard input. The token goes to Docker's socket and on no command line, where
 * every process of the node could read it.
 *
 * A disk that was kept may remember a swarm: one that took the node out, or one that is gone. What the token says of the
 * swarm's certificate authority, which is no secret, tells whether it is the same; an old membership that does not come
 * back to life is left.
 */
export function joinScript(address: string, manager: string): string {
  const body = `{"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"${address}","RemoteAddrs":["${manager}:2377"],"JoinToken":"%s"}`;
  const isActive = `[ "$(state)" = active ]`;
  return script(
    "token=$(cat)",
    "swarm=${token%-*}",
    "joined=/var/lib/swarm-farm/joined",
    "state() { docker info -f '{{.Swarm.LocalNodeState}}'; }",
    "join() {",
    `  printf '${body}' "$token" | curl -sS --fail-with-body -X POST -H 'Content-Type: application/json' -d @- \\`,
    "    --unix-socket /run/docker.sock http://docker/swarm/join 2>&1",
    "}",
    'before=$(cat "$joined" 2>/dev/null || true)',
    // Written first: a run that is cut off while it joins must not take its own membership for an old one.
    "mkdir -p /var/lib/swarm-farm",
    'printf %s "$swarm" >"$joined"',
    `if [ "$(state)" != inactive ]; then`,
    `  tries=${rejoinSeconds}`,
    `  while [ "$before" = "$swarm" ] && [ "$tries" -gt 0 ] && ! ${isActive}; do tries=$((tries - 1)); sleep 1; done`,
    `  if [ "$before" != "$swarm" ] || ! ${isActive}; then docker swarm leave --force >/dev/null; fi`,
    "fi",
    `if [ "$(state)" = inactive ]; then`,
    `  said=$(join) || case $said in *"Timeout was reached"*) ;; *) printf '%s\\n' "$said" >&2; exit 1 ;; esac`,
    "fi",
    waitUntil(isActive, joinSeconds, `the swarm at ${manager} to take this node`, dockerLog),
    "docker info -f '{{.Swarm.NodeID}}'",
  );
}

/** On a manager: the node is listed as ready. */
export function readyScript(node: string): string {
  const ready = `[ "$(docker node inspect ${shellQuote(node)} -f '{{.Status.State}}' 2>/dev/null)" = ready ]`;
  return script(waitUntil(ready, readySeconds, `${node} to be ready in the swarm`));
}

/** On a manager: sets one label and reads it back. */
export function labelScript(node: string, key: string, value: string): string {
  const inspect = `docker node inspect ${shellQuote(node)} -f ${shellQuote(`{{index .Spec.Labels ${JSON.stringify(key)}}}`)}`;
  return script(
    `docker node update --label-add ${shellQuote(`${key}=${value}`)} ${shellQuote(node)} >/dev/null`,
    `[ "$(${inspect})" = ${shellQuote(value)} ]`,
  );
}

/** On a manager: takes one label away, from a node that may be gone already. */
export function unlabelScript(node: string, key: string): string {
  const quoted = shellQuote(node);
  return script(
    `docker node inspect ${quoted} >/dev/null 2>&1 || exit 0`,
    `docker node update --label-rm ${shellQuote(key)} ${quoted} >/dev/null 2>&1 || true`,
  );
}
