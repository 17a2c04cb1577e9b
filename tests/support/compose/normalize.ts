import type { Json, JsonObject, Recorded } from "./recording-api";

/** Fields whose empty object says something. */
const presence = new Set(["Global", "GlobalJob"]);

/** Fields of names to texts, where an empty text is a value. */
const records = new Set(["Labels", "Options", "DriverOpts", "Sysctls"]);

/** Drops what says nothing: null, empty texts, lists and objects, zeros and false; Docker's API reads none of them. */
function strip(value: Json, key = ""): Json | undefined {
  if (value === null || value === "" || value === 0 || value === false) return undefined;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => (typeof item === "object" ? (strip(item) ?? {}) : item));
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== "object") return value;
  if (presence.has(key)) return { there: true };
  if (records.has(key)) return Object.keys(value).length === 0 ? undefined : value;
  const entries = Object.entries(value as JsonObject).flatMap(([name, inside]): [string, Json][] => {
    const kept = keepsZero(name) ? inside : strip(inside, name);
    return kept === undefined || kept === null ? [] : [[name, kept]];
  });
  return entries.length === 0 && key !== "Healthcheck" && key !== "RestartPolicy"
    ? undefined
    : Object.fromEntries(entries);
}

/** Where 0 or an empty text is not what a missing field is. */
function keepsZero(name: string): boolean {
  return [
    "Replicas",
    "MaxConcurrent",
    "TotalCompletions",
    "Parallelism",
    "Mode:file",
    "Init",
    "StopGracePeriod",
  ].includes(name);
}

/** The fields of Labels, Options and the like are texts, and an empty one is there. */
function fieldsOf(spec: JsonObject): Json {
  const fields = strip(withDefaults(spec)) ?? {};
  return JSON.parse(JSON.stringify(fields), (key, value: unknown) =>
    key === "Image" && typeof value === "string" ? tagged(value) : value,
  ) as Json;
}

/** Docker's client adds the tag that is missing, and leaves out what Docker Hub does not need. */
function tagged(image: string): string {
  const short = image.replace(/^docker\.io\//, "").replace(/^library\//, "");
  return /:[^/]+$|@/.test(short) ? short : `${short}:latest`;
}

/** Ports that leave protocol and mode empty have the daemon's defaults. */
function withDefaults(spec: JsonObject): JsonObject {
  const endpoint = spec.EndpointSpec as { Ports?: readonly JsonObject[] } | undefined;
  if (!endpoint?.Ports) return spec;
  const ports = endpoint.Ports.map((port) => ({
    ...port,
    Protocol: port.Protocol === "" || port.Protocol === undefined ? "tcp" : port.Protocol,
    PublishMode: port.PublishMode === "" || port.PublishMode === undefined ? "ingress" : port.PublishMode,
  }));
  // Those that Swarm chooses are sorted by nothing, and not stably.
  const sorted = ports.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { ...spec, EndpointSpec: { ...endpoint, Ports: sorted } };
}

function sortKey(port: JsonObject): string {
  return [port.PublishedPort ?? 0, port.TargetPort, port.Protocol, port.PublishMode]
    .map((part) => JSON.stringify(part).padStart(12))
    .join(" ");
}

/** Both sides in one form, to be compared field by field. */
export function normalize(recorded: Recorded): Json {
  return Object.fromEntries(
    Object.entries(recorded).map(([kind, specs]) => [
      kind,
      Object.fromEntries([...specs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, spec]) => [name, fieldsOf(spec)])),
    ]),
  );
}
