import { readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { Problem } from "../../infra/config/problem";
import type { Read } from "../contract";

/** A file of the content folder, and its path in the container. */
export interface PlacedFile {
  readonly path: string;
  readonly content: Buffer;
}

/** The files of the content folder, by the service that gets them. */
export interface LampContent {
  /** For nginx: its configuration, and all files except scripts. */
  readonly web: readonly PlacedFile[];
  /** For php. */
  readonly scripts: readonly PlacedFile[];
}

/** Swarm's limit for one config. */
const maxFileBytes = 500 * 1024;

/** The most files: each is a Pulumi resource and a Swarm config. Larger sites belong in an image. */
const maxFiles = 200;

/** The folder of the scripts in the container of php. */
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

/** Hidden files and folders such as `.git`, and editors' backups, are not served. */
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
