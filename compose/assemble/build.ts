import { join, normalize } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { buildPlatform } from "../decode/build";
import type { BuildPart, ServicePart } from "../decode/part";
import { imagesOf } from "../dockerfile";
import { formatPosition } from "../model/position";
import type { ComposeBuild, ComposeService } from "../model/service";
import type { Context } from "./context";

/** The build of a service, whose folder and Dockerfile must be there. */
export function assembleBuild(part: ServicePart, context: Context): ComposeBuild | undefined {
  const { key, build, platform, positions, at } = part;
  if (build === undefined) return undefined;
  const { findings, folder } = context;
  if (platform !== undefined && platform !== buildPlatform)
    findings.refuse(
      positions.get("platform") ?? at,
      `services.${key}.platform`,
      `'build' makes images for ${buildPlatform}, the platform of the nodes, and not for '${platform}'`,
      "leave 'platform' out",
    );
  const contextFolder = folderOf(key, build, context);
  if (contextFolder === undefined) return undefined;
  const dockerfile = dockerfileOf(key, build, contextFolder, context);
  if (dockerfile === undefined) return undefined;
  const args = Object.fromEntries([...build.args].sort(([a], [b]) => (a < b ? -1 : 1)));
  const bases = imagesOf(dockerfile.text, args);
  return {
    folder: folder.root,
    context: contextFolder,
    dockerfile: dockerfile.path,
    args,
    ...(build.target === undefined ? {} : { target: build.target }),
    bases: bases.map(({ image, line }) => ({ image, at: { file: dockerfile.path, line } })),
    at: build.at,
  };
}

function folderOf(key: string, { context, at }: BuildPart, { findings, folder }: Context): string | undefined {
  const { value = ".", at: where = at, path = `services.${key}.build` } = context ?? {};
  const found = folder.readInProject(value);
  if (found.kind === "folder") {
    if (folder.isOutside(value))
      findings.improve(
        where,
        path,
        `the context '${value}' is outside of the compose file's folder: what its .dockerignore leaves in can get into the image`,
      );
    return normalize(found.path).replace(/(.)\/$/, "$1");
  }
  findings.refuse(
    where,
    path,
    `the context ${found.kind === "problem" ? found.reason : `'${value}' is a file`}`,
    "name a folder of this project, relative to the compose file",
  );
  return undefined;
}

interface Dockerfile {
  /** Relative to the compose file's folder. */
  readonly path: string;
  readonly text: string;
}

/** As Docker and buildah name it. */
const usualNames = ["Dockerfile", "Containerfile"];

function dockerfileOf(
  key: string,
  { dockerfile, context, at }: BuildPart,
  contextFolder: string,
  { findings, folder }: Context,
): Dockerfile | undefined {
  const names = dockerfile ? [dockerfile.value] : usualNames;
  const tried = names.map((name) => {
    const path = join(contextFolder, name);
    return { path, ...folder.readInProject(path) };
  });
  const found = tried.find((each) => each.kind === "file");
  const where = dockerfile?.at ?? context?.at ?? at;
  const path = dockerfile?.path ?? `services.${key}.build`;
  if (found?.kind === "file") {
    const text = found.bytes.toString("utf8");
    if (/^\s*FROM\s/im.test(text)) return { path: found.path, text };
    findings.refuse(where, path, `'${found.path}' has no 'FROM'`, "begin it with the image that it is built from");
    return undefined;
  }
  const [first] = tried;
  const reason = first?.kind === "problem" ? first.reason : `'${first?.path ?? ""}' is a folder`;
  findings.refuse(
    where,
    path,
    reason,
    "write the Dockerfile there, or name it in 'dockerfile', relative to the context",
  );
  return undefined;
}

/** Services whose image is the name of one that another service builds have that one, as with Docker Compose. */
export function withNamedBuilds(services: readonly ComposeService[], { findings }: Context): readonly ComposeService[] {
  const named = new Map<string, ComposeBuild>();
  for (const { key, image, build, positions, at } of services) {
    if (build === undefined || image === "") continue;
    const other = named.get(image);
    if (other === undefined) named.set(image, build);
    else if (!isSame(build, other))
      findings.refuse(
        positions.get("image") ?? at,
        `services.${key}.image`,
        `'${image}' is already the name of the image that is built at ${formatPosition(other.at)}`,
        "give each its own name, or leave 'image' out",
      );
  }
  return services.map((service) => {
    const build = service.build ?? named.get(service.image);
    return build === undefined ? service : { ...service, build };
  });
}

function isSame({ at: _one, ...build }: ComposeBuild, { at: _other, ...other }: ComposeBuild): boolean {
  return isDeepStrictEqual(build, other);
}
