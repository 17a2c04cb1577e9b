import { isAbsolute, relative, resolve } from "node:path";
import { cleanFolder, readCompose, type ComposeResult, type VariableValue } from "../../compose";
import { isSecretVariable } from "../../stacks/compose/read";
import { folderReplacement } from "../../stacks/compose/schema";
import { FarmError } from "../base/errors";
import type { Entry } from "./entry";

/** An application that a person wants on the farm. */
export interface Request {
  /** The stack's name. */
  readonly name: string;
  /** Compose files, relative to the current folder. Empty: those of the entry that is there. */
  readonly files: readonly string[];
  /** Each `NAME=VALUE`. */
  readonly variables: readonly string[];
  /** Each `NAME=SERVICE:PORT`. */
  readonly routes: readonly string[];
  readonly profiles: readonly string[];
  /** Each `PATH=VOLUME` or `PATH=:ro`. */
  readonly folders: readonly string[];
}

/** The entry that a request leads to, and what its files say. */
export interface Candidate {
  readonly name: string;
  /** Text of the entry. */
  readonly entry: Entry;
  /** The application's entry with what the configuration has already. */
  readonly whole: Entry;
  readonly result: ComposeResult;
}

/** The configuration that an application is added to. */
export interface Present {
  /** The folder of Pulumi.yaml. */
  readonly repository: string;
  /** Keys without the project's name. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Paths of values that are secret. */
  readonly secrets: readonly string[];
}

/**
 * Reads the files of a request. A stack that is there keeps what the request does not name.
 *
 * @throws FarmError if the request cannot be understood
 */
export function candidateOf(request: Request, present: Present, folder = process.cwd()): Candidate {
  const { name, profiles } = request;
  const before = entriesOf(present.raw)[name];
  const files = request.files.map((file) => inRepository(file, folder, present.repository));
  const [first, ...others] = files.length > 0 ? files : [before?.file ?? []].flat();
  if (first === undefined) throw new FarmError(`there is no stack '${name}' yet: name its compose file too`);
  const entry: Entry = {
    file: others.length === 0 ? first : [first, ...others],
    variables: Object.fromEntries(request.variables.map(variable)),
    ...(profiles.length === 0 ? {} : { profiles }),
    folders: Object.fromEntries(
      request.folders.map((text) => volumeOfFolder(text, Object.keys(before?.folders ?? {}))),
    ),
    routes: Object.fromEntries(request.routes.map(route)),
  };
  const whole: Entry = {
    ...before,
    ...entry,
    variables: { ...before?.variables, ...entry.variables },
    folders: { ...before?.folders, ...entry.folders },
    routes: { ...before?.routes, ...entry.routes },
  };
  const values = Object.entries(whole.variables ?? {}).map(([key, value]): [string, VariableValue] => [
    key,
    entry.variables?.[key] === undefined && isSecretVariable(name, key, present.secrets)
      ? { kind: "secret" }
      : { kind: "plain", value: String(value) },
  ]);
  const read = (folders: Readonly<Record<string, string>>) =>
    readCompose({
      name,
      folder: present.repository,
      files: [first, ...others],
      variables: Object.fromEntries(values),
      profiles: whole.profiles ?? [],
      folders,
    });
  const given = textsIn(whole.folders);
  // A folder with nothing in it can be a volume without a loss.
  const proposed = Object.fromEntries(read(given).needs.folders.map(({ path, volume }) => [path, volume]));
  return {
    name,
    entry: { ...entry, folders: { ...proposed, ...entry.folders } },
    whole: { ...whole, folders: { ...proposed, ...whole.folders } },
    result: read({ ...proposed, ...given }),
  };
}

/** The check of the whole configuration refuses values that are no text. */
function textsIn(map: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The applications that a configuration has, as it writes them. */
export function entriesOf(raw: Readonly<Record<string, unknown>>): Readonly<Partial<Record<string, Entry>>> {
  return isMap(raw.stacks) ? (raw.stacks as Readonly<Partial<Record<string, Entry>>>) : {};
}

/** Labels that nodes of a configuration have; one that is invalid has none, and the check of the whole says why. */
export function labelsIn(raw: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const nodes = isMap(raw.nodes) ? Object.values(raw.nodes) : [];
  return new Set(nodes.flatMap((node) => (isMap(node) && isMap(node.labels) ? Object.keys(node.labels) : [])));
}

function inRepository(file: string, folder: string, repository: string): string {
  const path = relative(repository, resolve(folder, file));
  if (path.startsWith("..") || isAbsolute(path))
    throw new FarmError(
      `'${file}' is outside of ${repository}: copy it into the repository, so that previews are the same for all`,
    );
  return path;
}

function variable(text: string): [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new FarmError(`--variable is '${text}': it must be NAME=VALUE, e.g. TAG=1.4`);
  return [name, value];
}

function route(text: string): [string, { service: string; port: number }] {
  const [, name, service, port] = /^([^=]+)=(.+):(\d+)$/.exec(text) ?? [];
  if (name === undefined || service === undefined)
    throw new FarmError(`--route is '${text}': it must be NAME=SERVICE:PORT, e.g. shop=web:8080`);
  return [name, { service, port: Number(port) }];
}

/** @param known folders of the entry that is there, of which one may be the same path in other letters */
function volumeOfFolder(text: string, known: readonly string[]): [string, string] {
  const [, path, volume] = /^(.+)=(.+)$/.exec(text) ?? [];
  if (path === undefined || volume === undefined || !folderReplacement.test(volume))
    throw new FarmError(`--folder is '${text}': it must be PATH=VOLUME or PATH=:ro, e.g. ./data=data`);
  return [known.find((each) => cleanFolder(each) === cleanFolder(path)) ?? path, volume];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
