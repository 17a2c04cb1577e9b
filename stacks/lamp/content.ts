import { readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Problem } from "../../infra/config/problem";
import type { Read } from "../contract/contract";

/** A file of the content folder, and where a container is to have it. */
export interface PlacedFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What the LAMP stack serves, from a folder that a person edits. */
export interface LampContent {
  /** For nginx: its own configuration, and the files that are no scripts. */
  readonly web: readonly PlacedFile[];
  /** For php. */
  readonly scripts: readonly PlacedFile[];
}

/** Swarm's limit for one config. */
const maxFileBytes = 500 * 1024;

/** Each file is a resource of the stack and a config of the swarm; what has more belongs in an image. */
const maxFiles = 200;

/** Where php has its scripts. */
export const documentRoot = "/srv/www";
const nginxRoot = "/etc/nginx";

/**
 * Reads `site` and `nginx` below a folder.
 *
 * @param folder relative to the repository, or absolute
 */
export function readContent(path: string, folder: string, repository: string): Read<LampContent> {
  const root = isAbsolute(folder) ? folder : resolve(repository, folder);
  const problems: Problem[] = [];
  const read = (part: string, target: string): PlacedFile[] => {
    const from = join(root, part);
    if (!isFolder(from)) {
      problems.push({ path, message: `is '${folder}'; ${from} is no folder: it must have the folders site and nginx` });
      return [];
    }
    return filesBelow(from).flatMap((file) => {
      const { size } = statSync(file);
      if (size > maxFileBytes) {
        problems.push({
          path,
          message: `has ${file} with ${String(Math.ceil(size / 1024))} KiB; a Swarm config takes 500 KiB: put it into an image of your own (lamp.nginx.image)`,
        });
        return [];
      }
      if (size === 0) {
        problems.push({ path, message: `has ${file}, which is empty; a Swarm config cannot be: remove it or fill it` });
        return [];
      }
      return [{ path: `${target}/${relative(from, file)}`, content: readFileSync(file) }];
    });
  };

  const site = read("site", documentRoot);
  const nginx = read("nginx", nginxRoot);
  if (problems.length === 0 && !nginx.some((file) => file.path === `${nginxRoot}/nginx.conf`))
    problems.push({ path, message: `is '${folder}'; nginx/nginx.conf is missing in it` });
  if (site.length + nginx.length > maxFiles)
    problems.push({ path, message: `has ${String(site.length + nginx.length)} files; at most ${String(maxFiles)}` });
  const isScript = (file: PlacedFile) => file.path.endsWith(".php");
  return {
    files: { web: [...nginx, ...site.filter((file) => !isScript(file))], scripts: site.filter(isScript) },
    problems,
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What is hidden is not for the web, be it a file or a whole folder such as `.git`; nor is what an editor left. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !name.endsWith("~"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}
