import { dirname } from "node:path";
import type { NodePlan } from "../net/plan";
import { swarmPort } from "../remote/any-manager";
import { script, shellQuote, waitUntil } from "../remote/shell";
import { takeRole } from "./role";

/** Time for a node under software emulation, four at once on two cores, to come up. */
const dockerSeconds = 600;

/** Time for a node that joined to be seen as ready by the manager: a few heartbeats. */
const readySeconds = 300;

/** What Docker itself said last, on its node: systemd only says after it that it tries no more. */
const dockerLog = "journalctl -u docker -t dockerd -n 4 --no-pager -o cat | cut -c 1-400";

const dockerAnswers = "curl -fs -o /dev/null --unix-socket /run/docker.sock http://docker/_ping";

/** On a node: waits for its Docker. */
export function dockerWait(node: string): string {
  return waitUntil(dockerAnswers, dockerSeconds, `docker on ${node} to answer`, dockerLog);
}

/**
 * On a node: its Docker takes the certificates of registries for right ones that are signed by the authority from standard
 * input; it reads the file at every pull. Prints what the node runs: the farm's image knows it, others are asked piece by
 * piece.
 *
 * @param registries their addresses, as images are called by them
 */
export function reportScript(registries: readonly string[]): string {
  const folders = registries.map((address) => shellQuote(`/etc/docker/certs.d/${address}`));
  return script(
    `mkdir -p ${folders.join(" ")}`,
    `tee ${folders.map((folder) => `${folder}/ca.crt`).join(" ")} >/dev/null`,
    "if [ -x /usr/lib/swarm-farm/report ]; then exec /usr/lib/swarm-farm/report; fi",
    ". /etc/os-release",
    "packages=$(if command -v dpkg-query >/dev/null; then dpkg-query -W; else rpm -qa; fi | LC_ALL=C sort | sha256sum | cut -d' ' -f1)",
    `printf '{"os":"%s %s","kernel":"%s","docker":"%s","packages":"%s"}' "$ID" "$VERSION_ID" "$(uname -r)" \\`,
    `  "$(docker version -f '{{.Server.Version}}')" "$packages"`,
  );
}

/** Time for the other managers of a farm that is built anew to be gone. */
const othersGoneSeconds = 120;

/** Names the swarm that a node joined: a disk that was kept remembers it. */
const joined = "/var/lib/swarm-farm/joined";

/**
 * A shell function: it sets `manager` to the first of the addresses given to it where a manager listens.
 *
 * To curl 7 is a port that refuses, 28 an address that is silent; a manager breaks off what is no handshake of its own.
 */
const findManager = [
  "find_manager() {",
  "  for manager in $1; do",
  "    status=0",
  `    curl -sko /dev/null --connect-timeout 3 --max-time 10 "https://$manager:${String(swarmPort)}" || status=$?`,
  "    case $status in 7 | 28) ;; *) return 0 ;; esac",
  "  done",
  "  return 1",
  "}",
];

/**
 * Makes the first manager's swarm, once, and prints its id; its tokens would be in what Docker says of it.
 *
 * A first manager that lost its disk must not make another swarm beside the one that the other managers still have: all
 * nodes would join that, and what ran would be lost.
 *
 * @param others the other managers' addresses
 */
export function initScript(address: string, others: readonly string[]): string {
  return script(
    ...findManager,
    `state=$(docker info -f '{{.Swarm.LocalNodeState}}')`,
    `if [ "$state" != active ]; then`,
    waitUntil(
      `! find_manager ${shellQuote(others.join(" "))}`,
      othersGoneSeconds,
      "the other managers to be gone: they have a swarm, this first one has none, and another would take the place of theirs",
      'echo "$manager answers; to lose what runs there: ./farm destroy, then ./farm up"',
    ),
    `  docker swarm init --advertise-addr ${shellQuote(address)} >/dev/null`,
    `elif [ "$(docker info -f '{{.Swarm.ControlAvailable}}')" != true ]; then`,
    `  echo "this node is a worker of the swarm, and was made its only manager: the old one cannot hand over in one step; have three managers first (./farm up), then one" >&2`,
    "  exit 1",
    "fi",
    // As every node that joins does: it is a member of the swarm like them.
    "token=$(docker swarm join-token -q worker)",
    `mkdir -p ${dirname(joined)}`,
    `printf %s "\${token%-*}" >${joined}`,
    "docker info -f '{{.Swarm.Cluster.ID}}'",
  );
}

/**
 * Ten years, in hours. A node renews its certificate after half to 80 % of that by itself (swarmkit, ca/config.go); one that
 * is off for the rest of it has to join again. Docker's own 90 days are for managers that trust no node; a farm's are its own.
 * Half of the 20 years of the swarm's CA, so that no certificate of its first ten years ends after it.
 */
const nodeCertificateHours = 87_600;

/** On a manager: how long certificates last that nodes get from now on. */
export function certificateExpiryScript(): string {
  return script(`docker swarm update --cert-expiry ${String(nodeCertificateHours)}h >/dev/null`);
}

/** @param heartbeatSeconds how often a node is to say that it lives; three times of silence and its tasks run elsewhere */
export function settingsScript(heartbeatSeconds: number): string {
  return script(`docker swarm update --dispatcher-heartbeat ${String(heartbeatSeconds)}s >/dev/null`);
}

/** The token with which every node joins; to be kept secret. */
export function tokenScript(): string {
  return script("docker swarm join-token -q worker");
}

/**
 * Time for a node that was a member before to find its swarm again: after a restart, or after it was made a manager on a
 * busy host, where 30 s were seen not to be enough.
 */
const rejoinSeconds = 120;

/** Time for a join to be answered; Docker itself gives up waiting after 20 s and goes on in the background. */
const joinSeconds = 300;

/**
 * Joins the swarm with the token from standard input. The token goes to Docker's socket and on no command line, where
 * every process of the node could read it.
 *
 * A disk that was kept may remember a swarm: one that took the node out, or one that is gone. What the token says of the
 * swarm's certificate authority, which is no secret, tells whether it is the same; an old membership that does not come
 * back to life is left. It finds the managers in `$managers`, each a word `name=address`.
 */
export function joinScript(node: string, address: string): string {
  const listen = String(swarmPort);
  const body = `{"ListenAddr":"0.0.0.0:${listen}","AdvertiseAddr":"${address}","RemoteAddrs":["%s:${listen}"],"JoinToken":"%s"}`;
  const isActive = `[ "$(state)" = active ]`;
  return script(
    "token=$(cat)",
    dockerWait(node),
    "swarm=${token%-*}",
    ...findManager,
    // Itself it cannot ask.
    `others=$(for each in $managers; do echo "\${each#*=}"; done | grep -vxF ${shellQuote(address)} | tr '\\n' ' ')`,
    "state() { docker info -f '{{.Swarm.LocalNodeState}}'; }",
    "join() {",
    `  printf '${body}' "$manager" "$token" | curl -sS --fail-with-body -X POST -H 'Content-Type: application/json' -d @- \\`,
    "    --unix-socket /run/docker.sock http://docker/swarm/join 2>&1",
    "}",
    `before=$(cat ${joined} 2>/dev/null || true)`,
    // Written first: a run that is cut off while it joins must not take its own membership for an old one.
    `mkdir -p ${dirname(joined)}`,
    `printf %s "$swarm" >${joined}`,
    `if [ "$(state)" != inactive ]; then`,
    `  tries=${rejoinSeconds}`,
    `  while [ "$before" = "$swarm" ] && [ "$tries" -gt 0 ] && ! ${isActive}; do tries=$((tries - 1)); sleep 1; done`,
    `  if [ "$before" != "$swarm" ] || ! ${isActive}; then docker swarm leave --force >/dev/null; fi`,
    "fi",
    `if [ "$(state)" = inactive ]; then`,
    waitUntil(
      'find_manager "$others"',
      joinSeconds,
      `a manager of the swarm to answer ${node}`,
      'echo "asked: ${others:-none, there is no other}"',
    ),
    `  said=$(join) || case $said in *"Timeout was reached"*) ;; *) printf '%s\\n' "$said" >&2; exit 1 ;; esac`,
    "fi",
    waitUntil(isActive, joinSeconds, `the swarm to take ${node}`, dockerLog),
    "docker info -f '{{.Swarm.NodeID}}'",
  );
}

/**
 * A shell function for scripts on a manager: `change update --availability drain worker1`. Swarm refuses a change that
 * was made on what has changed meanwhile, as nodes do that come up side by side; it is then made again.
 */
export const changeNode = [
  "change() {",
  "  tries=20",
  '  until said=$(docker node "$@" 2>&1 >/dev/null); do',
  `    case $said in *"out of sequence"*) tries=$((tries - 1)) ;; *) tries=0 ;; esac`,
  `    if [ "$tries" -le 0 ]; then echo "$said" >&2; return 1; fi`,
  "    sleep 0.5",
  "  done",
  "}",
];

/**
 * On a manager: the node is listed as ready, once, and has its role: all have joined as workers.
 *
 * A join that takes too long may end after it was given up, and the next one makes another member: the first is forgotten,
 * since what is said to the node by its name must mean one.
 *
 * @param id as which it has joined
 */
export function readyScript(node: string, id: string, role: NodePlan["role"]): string {
  const told = `told=$(docker node inspect ${shellQuote(id)} -f '{{.Status.State}} {{.Spec.Role}}' 2>/dev/null)`;
  const others = `awk -v node=${shellQuote(node)} -v id=${shellQuote(id)} '$1 != id && $2 == node && $3 == "Down" { print $1 }'`;
  return script(
    ...changeNode,
    waitUntil(`${told} && [ "\${told% *}" = ready ]`, readySeconds, `${node} to be ready in the swarm`),
    `for other in $(docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' | ${others}); do`,
    '  change demote "$other" || true',
    '  docker node rm --force "$other" >/dev/null',
    "done",
    "role=${told#* }",
    ...takeRole(node, role),
  );
}

/** On a manager: there is nothing to undo for a node that is gone already. */
export function unlessGone(node: string): string {
  return `docker node inspect ${shellQuote(node)} >/dev/null 2>&1 || exit 0`;
}

/** On a manager: sets one label and reads it back. */
export function labelScript(node: string, key: string, value: string): string {
  const inspect = `docker node inspect ${shellQuote(node)} -f ${shellQuote(`{{index .Spec.Labels ${JSON.stringify(key)}}}`)}`;
  return script(
    ...changeNode,
    `change update --label-add ${shellQuote(`${key}=${value}`)} ${shellQuote(node)}`,
    `[ "$(${inspect})" = ${shellQuote(value)} ]`,
  );
}

/** On a manager: takes one label away, from a node that may be gone already. */
export function unlabelScript(node: string, key: string): string {
  return script(
    ...changeNode,
    unlessGone(node),
    `change update --label-rm ${shellQuote(key)} ${shellQuote(node)} 2>/dev/null || true`,
  );
}
