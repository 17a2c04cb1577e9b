import { join } from "node:path";
import { runWith } from "./fake-programs";

/** Images and containers on a node when its cleanup runs. */
export interface Farm {
  /** Names of images by their ids. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  /** For each container the id of its image. */
  readonly containers?: readonly string[];
  /** On a manager: images that services name. Default: the node is a worker */
  readonly services?: readonly string[] | "no quorum";
  /** Images that came with the guest image. Default: it has no such list */
  readonly preloaded?: readonly string[];
  /** Docker does not answer. */
  readonly silent?: boolean;
  /** On the registry's node: names of images whose last push stays, and the folder of the registry's volume. */
  readonly registry?: { readonly images: string; readonly volume: string };
}

/** Docker's client as the cleanup calls it; `images` has a line for each name of an image. */
const docker = `[ ! -e "$here/silent" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }
case "$1 $2" in
  "info -f") [ -e "$here/services" ] && echo true || echo false ;;
  "service ls") [ ! -e "$here/no-quorum" ] || { echo "The swarm does not have a leader" >&2; exit 1; }
    awk '{ print "service" NR }' "$here/services" ;;
  "service inspect") cat "$here/services" ;;
  "image ls") cut -d' ' -f1 "$here/images" | uniq ;;
  "ps -aq") awk '{ print "container" NR }' "$here/containers" ;;
  "inspect --type") cat "$here/containers" ;;
  "image inspect")
    status=0
    case "$*" in
      *RepoTags*) awk -v id="$3" '$1 == id { print $2; found = 1 } END { exit !found }' "$here/images" ;;
      *) shift 4; for name; do awk -v name="$name" '$2 == name { print $1; found = 1 } END { exit !found }' "$here/images" || status=1; done; exit $status ;;
    esac ;;
  "image rm")
    if grep -q " $3\\$" "$here/images"; then sed -i "/ $(printf %s "$3" | sed 's,/,.,g')\\$/d" "$here/images"
    elif grep -qx "$3 " "$here/images"; then sed -i "/^$3 \\$/d" "$here/images"
    else exit 1; fi ;;
  "volume inspect") cat "$here/volume" ;;
  "ps -q") echo registry-container ;;
  "kill --signal") ;;
  *) echo "unexpected: docker $*" >&2; exit 125 ;;
esac
`;

const script = join(__dirname, "..", "..", "infra", "cleanup", "node", "cleanup");

/**
 * Runs a node's cleanup, which removes what was unused for 168 h.
 *
 * @param state what it remembers from one run to the next
 * @param now   in seconds since 1970
 * @returns how it ended, and the names of images that it removed
 */
export function cleanUp(state: string, now: number, farm: Farm) {
  const { images, containers = [], services, preloaded, registry } = farm;
  const named = Object.entries(images).flatMap(([id, names]) =>
    (names.length > 0 ? names : [""]).map((name) => `${id} ${name}`),
  );
  const ended = runWith(
    `${preloaded ? "export PRELOADED_IMAGES=$PWD/preloaded; " : ""}exec sh ${script}`,
    { docker, date: `echo ${String(now)}` },
    {
      files: {
        images: named,
        containers,
        ...(services === undefined ? {} : { services: services === "no quorum" ? [] : services }),
        ...(services === "no quorum" ? { "no-quorum": [] } : {}),
        ...(preloaded ? { preloaded } : {}),
        ...(farm.silent === true ? { silent: [] } : {}),
        ...(registry ? { volume: [registry.volume] } : {}),
      },
      env: {
        UNUSED_HOURS: "168",
        CLEANUP_STATE: state,
        PRELOADED_IMAGES: "/nowhere",
        ...(registry ? { REGISTRY_IMAGES: registry.images } : {}),
      },
    },
  );
  const removed = ended.stdout.split("\n").flatMap((line) => /^removed image (\S+):/.exec(line)?.slice(1) ?? []);
  return { ...ended, removed };
}
