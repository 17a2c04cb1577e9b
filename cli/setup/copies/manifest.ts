import { createHash } from "node:crypto";
import { z } from "zod";
import { platform } from "../../../infra/images/copied";
import { jsonOrNothing } from "../../base/json";

const Blob = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), size: z.number() });

const Manifest = z.object({ config: Blob, layers: z.array(Blob) });
/** The part of an image's manifest that `./farm` reads: its configuration and layers. */
export type Manifest = z.infer<typeof Manifest>;

const List = z.object({
  manifests: z.array(
    z.object({
      digest: z.string(),
      platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
    }),
  ),
});

/** Content of a manifest: an image, a list of images for several platforms, or why it is neither. */
export type Read =
  | { readonly kind: "image"; readonly manifest: Manifest }
  | { readonly kind: "list"; readonly digest: string }
  | { readonly kind: "problem"; readonly reason: string };

/** Reads a manifest of Docker's format or OCI's. Of a list the image for the nodes' platform counts. */
export function readManifest(text: string): Read {
  const value = jsonOrNothing(text);
  const image = Manifest.safeParse(value);
  if (image.success) return { kind: "image", manifest: image.data };
  const list = List.safeParse(value);
  if (!list.success) return { kind: "problem", reason: "its manifest has a format that Docker no longer pulls" };
  const platforms = list.data.manifests.flatMap(({ digest, platform: on }) => (on ? [{ digest, ...on }] : []));
  const fitting = platforms.filter(({ os, architecture }) => isOfNodes(os, architecture));
  const [chosen] = [...fitting.filter(({ variant }) => variant === undefined), ...fitting];
  if (chosen) return { kind: "list", digest: chosen.digest };
  const others = platforms.map(({ os, architecture }) => `${os}/${architecture}`).filter((each) => !each.includes("unknown"));
  return { kind: "problem", reason: wrongPlatform(others) };
}

/** Why an image's configuration does not fit to the nodes; undefined if it does. */
export function configProblem(text: string): string | undefined {
  const found = z.object({ os: z.string(), architecture: z.string() }).safeParse(jsonOrNothing(text));
  if (!found.success) return "its configuration names no platform";
  const { os, architecture } = found.data;
  return isOfNodes(os, architecture) ? undefined : wrongPlatform([`${os}/${architecture}`]);
}

/** The digest under which a registry has a text. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function isOfNodes(os: string, architecture: string): boolean {
  return os === platform.os && architecture === platform.architecture;
}

function wrongPlatform(others: readonly string[]): string {
  return `it is not for ${platform.os}/${platform.architecture}, the platform of the nodes, but for ${others.join(", ") || "none"}: name an image for that platform`;
}
