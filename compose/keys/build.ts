import { except, improved, refused, type Key } from "./key";

const build = "services.*.build";

function unused(name: string, reason: string, alternative: string): Key {
  return refused(`${build}.${name}`, "warns and ignores", reason, alternative);
}

/** It changes how an image is built or kept, and not what is in it. */
function unneeded(name: string, reason: string): Key {
  return improved(`${build}.${name}`, "warns and ignores", `nothing is needed: ${reason}`, true);
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
  improved(`${build}.context`, "warns and ignores", "a folder of the project, relative to the compose file"),
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
  except(
    unused("network", "a build uses this machine's network", "leave it out"),
    "a build uses this machine's network",
    "host",
    "default",
  ),
  unused(
    "extra_hosts",
    "a build uses this machine's names",
    "leave it out, or name the host in this machine's /etc/hosts",
  ),
  unused("shm_size", "a build has this machine's /dev/shm", "leave it out"),
  unneeded("cache_from", "an image is built once for its content, and kept in the cache"),
  unneeded("cache_to", "an image is built once for its content, and kept in the cache"),
  unneeded("no_cache", "an image is built once for its content, without a cache of layers"),
  unneeded("pull", "each build pulls what it begins with"),
  unneeded("tags", "nodes pull the image by its digest"),
  unused("secrets", "the farm's builds have no secrets", elsewhere),
  unused("ssh", "the farm's builds have no SSH agent", elsewhere),
  except(
    unused("privileged", "the farm's builds have no privileges", elsewhere),
    "the farm's builds have none",
    "false",
  ),
  unused("entitlements", "the farm's builds have no privileges", elsewhere),
  unused("isolation", "it is for Windows", "leave it out"),
  unused("ulimits", "a build has this machine's limits", "leave it out"),
  unneeded("provenance", "the farm's images are signed instead"),
  unneeded("sbom", "the farm's builds write none"),
];
