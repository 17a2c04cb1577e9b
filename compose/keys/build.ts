import { improved, refused, type Key } from "./key";

const build = "services.*.build";

function unused(name: string, reason: string, alternative: string): Key {
  return refused(`${build}.${name}`, "warns and ignores", reason, alternative);
}

const inDockerfile = "the image is what its Dockerfile makes of the context";
const elsewhere = "build the image elsewhere and name it in 'image'";

/** Keys of `build`, all of which docker ignores. */
export const buildKeys: readonly Key[] = [
  improved(
    build,
    "warns and ignores",
    "`up` builds the image with buildah, signs it and pushes it to the farm's registry",
  ),
  improved(`${build}.context`, "warns and ignores", "a folder in the compose file's folder"),
  improved(`${build}.dockerfile`, "warns and ignores", "relative to the context"),
  improved(`${build}.target`, "warns and ignores", "the stage of the Dockerfile that is the image"),
  improved(
    `${build}.args`,
    "warns and ignores",
    "values of the Dockerfile's 'ARG'; secret variables are refused",
    true,
  ),
  improved(`${build}.platforms`, "warns and ignores", "linux/amd64, the platform of the nodes, and no other"),
  unused("labels", inDockerfile, "write 'LABEL' in the Dockerfile"),
  unused("dockerfile_inline", inDockerfile, "write the Dockerfile as a file"),
  unused("additional_contexts", inDockerfile, "put the files into the context"),
  unused("network", "a build uses this machine's network", "leave it out"),
  unused(
    "extra_hosts",
    "a build uses this machine's names",
    "leave it out, or name the host in this machine's /etc/hosts",
  ),
  unused("shm_size", "a build has this machine's /dev/shm", "leave it out"),
  unused("cache_from", "an image is built once for its content, and kept in the cache", "leave it out"),
  unused("cache_to", "an image is built once for its content, and kept in the cache", "leave it out"),
  unused("no_cache", "an image is built once for its content, without a cache of layers", "leave it out"),
  unused("pull", "each build pulls what it begins with", "leave it out; change the tag in 'FROM' for another one"),
  unused("tags", "nodes pull the image by its digest", "leave it out"),
  unused("secrets", "the farm's builds have no secrets", elsewhere),
  unused("ssh", "the farm's builds have no SSH agent", elsewhere),
  unused("privileged", "the farm's builds have no privileges", elsewhere),
  unused("entitlements", "the farm's builds have no privileges", elsewhere),
  unused("isolation", "it is for Windows", "leave it out"),
  unused("ulimits", "a build has this machine's limits", "leave it out"),
  unused("provenance", "the farm's images are signed instead", "leave it out"),
  unused("sbom", "the farm's builds write none", "leave it out, or write it where the image is built"),
];
