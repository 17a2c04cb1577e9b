import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { addresses, endedWell, repository, type TestFarm } from "../farm";

/** The farm's own registry. */
export const registry = `${addresses.manager1}:5000`;

/**
 * Builds an image on top of one of the farm's own and pushes it to the farm's registry, as users do.
 *
 * @param instructions of a Containerfile, without `FROM` and `RUN`
 * @param within       the first part of the repository's name. Default: one that the farm itself does not use
 * @returns what the configuration is to say
 */
export async function deriveImage(
  farm: TestFarm,
  name: string,
  tag: string,
  instructions: readonly string[],
  within = "test",
): Promise<string> {
  const reference = `${registry}/${within}/${name}:${tag}`;
  const password = (await farm.ok(["secret", "registry"])).stdout.trim();
  const args = ["run", "--", "bash", "-euc", build, "build", layoutOf(name), reference, farm.authority];
  const built = await farm.farm([...args, instructions.join("\n")], { env: { REGISTRY_PASSWORD: password } });
  endedWell(`building ${reference}`, built);
  return reference;
}

/** The image that `./farm setup` built; the newest of several. */
export function layoutOf(name: string): string {
  const images = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm", "images");
  const layout = readdirSync(images).find((entry) => new RegExp(`^${name}-[0-9a-f]{16}$`).test(entry));
  if (layout === undefined) throw new Error(`${images} has no image ${name}: ./farm setup builds it`);
  return join(images, layout);
}

const policy = join(repository, "images", "accept.json");

const build = `
layout=$1 reference=$2 authority=$3 instructions=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/context" "$work/ca"
cp "$authority" "$work/ca/ca.crt"
# The one file that instructions can copy.
cp "$authority" "$work/context/ca.crt"
buildah() { command buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"; }
base=$(buildah pull -q --signature-policy ${policy} "dir:$layout")
printf 'FROM %s\\n%s\\n' "$base" "$instructions" >"$work/Containerfile"
buildah build -q --signature-policy ${policy} --pull-never --isolation chroot --layers=false --timestamp 0 -f "$work/Containerfile" -t derived "$work/context"
buildah login --authfile "$work/auth" --cert-dir "$work/ca" -u registry --password-stdin ${registry} <<<"$REGISTRY_PASSWORD"
buildah push -q --signature-policy ${policy} --cert-dir "$work/ca" --authfile "$work/auth" --format oci derived "docker://$reference"
`;
