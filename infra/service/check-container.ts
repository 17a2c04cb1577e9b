import type { Problem } from "../config/problem";
import { must, whole } from "./check-rules";
import type { Container } from "./spec/container";
import type { HealthCheck } from "./spec/health";
import type { Mount } from "./spec/mounts";
import { bothOf, ulimitNames, type Ulimit } from "./spec/ulimits";

const permissions = "permissions from 0 to 0o7777";

/** Problems of a service's container, by the path in its spec. */
export function containerProblems(of: Container): Problem[] {
  const {
    image,
    env = {},
    hosts = [],
    mounts = [],
    configs = [],
    secrets = [],
    health = {},
    stopGraceSeconds = 0,
    ulimits = {},
  } = of;
  const files = [
    ...configs.map((file, at) => ({ ...file, path: `configs[${String(at)}]` })),
    ...secrets.map((file, at) => ({ ...file, path: `secrets[${String(at)}]` })),
  ];
  return [
    ...(typeof image === "string"
      ? must("image", image, { holds: /^\S+$/.test(image), allowed: "an image's name" })
      : []),
    ...Object.keys(env).flatMap((name) =>
      must("env", name, { holds: name !== "" && !/[=\0]/.test(name), allowed: "a name without =" }),
    ),
    ...hosts.flatMap(({ name }, at) =>
      must(`hosts[${String(at)}].name`, name, { holds: /^\S+$/.test(name), allowed: "a host name" }),
    ),
    ...mounts.flatMap((mount, at) => mountProblems(mount, `mounts[${String(at)}]`)),
    ...twice(
      "mounts",
      mounts.map(({ target }) => target),
    ),
    ...files.flatMap(({ path, target, uid, gid, mode = 0o444 }) => [
      ...must(`${path}.target`, target, { holds: target !== "", allowed: "a path" }),
      ...whole(`${path}.uid`, uid),
      ...whole(`${path}.gid`, gid),
      ...mustBePermissions(`${path}.mode`, mode),
    ]),
    ...twice(
      "configs",
      configs.map(({ target }) => target),
    ),
    ...twice(
      "secrets",
      secrets.map(({ target }) => target),
    ),
    ...healthProblems(health),
    ...Object.entries(ulimits).flatMap(([name, limit]) => ulimitProblems(name, limit)),
    ...must("stopGraceSeconds", stopGraceSeconds, { holds: stopGraceSeconds >= 0, allowed: "at least 0" }),
  ];
}

function mountProblems(mount: Mount, path: string): Problem[] {
  const { target } = mount;
  return [
    ...must(`${path}.target`, target, { holds: target.startsWith("/"), allowed: "an absolute path in the container" }),
    ...(mount.type === "bind"
      ? must(`${path}.source`, mount.source, {
          holds: mount.source.startsWith("/"),
          allowed: "an absolute path of the node",
        })
      : []),
    ...(mount.type === "tmpfs" ? mustBePermissions(`${path}.mode`, mount.mode ?? 0) : []),
    ...(mount.type === "tmpfs" && mount.sizeMiB !== undefined
      ? must(`${path}.sizeMiB`, mount.sizeMiB, { holds: mount.sizeMiB > 0, allowed: "more than 0" })
      : []),
  ];
}

function mustBePermissions(path: string, mode: number): Problem[] {
  return must(path, `0o${mode.toString(8)}`, {
    holds: Number.isInteger(mode) && mode >= 0 && mode <= 0o7777,
    allowed: permissions,
  });
}

function ulimitProblems(name: string, limit: Ulimit): Problem[] {
  const path = `ulimits.${name}`;
  const { soft, hard } = bothOf(limit);
  const [least, most] = [soft, hard].map((each) => (each === -1 ? Infinity : each)) as [number, number];
  return [
    ...must("ulimits", name, { holds: ulimitNames.some((each) => each === name), allowed: ulimitNames.join(" ") }),
    ...(soft === hard ? ulimit(path, soft) : [...ulimit(`${path}.soft`, soft), ...ulimit(`${path}.hard`, hard)]),
    ...must(`${path}.soft`, soft, { holds: least <= most, allowed: `at most the hard limit, ${String(hard)}` }),
  ];
}

function ulimit(path: string, value: number): Problem[] {
  return must(path, value, {
    holds: Number.isSafeInteger(value) && value >= -1,
    allowed: `a whole number from 0 to ${String(Number.MAX_SAFE_INTEGER)}, or -1 for no limit`,
  });
}

function healthProblems(health: HealthCheck): Problem[] {
  if (health === "none") return [];
  const {
    command,
    intervalSeconds = 0,
    timeoutSeconds = 0,
    startSeconds = 0,
    startIntervalSeconds = 0,
    retries,
  } = health;
  const times = Object.entries({ intervalSeconds, timeoutSeconds, startSeconds, startIntervalSeconds });
  return [
    ...must("health.command", "[]", { holds: command?.length !== 0, allowed: "a program and its arguments" }),
    // Docker takes a time of its own for 0, and refuses less than 1 ms.
    ...times.flatMap(([key, value]) =>
      must(`health.${key}`, value, { holds: value === 0 || value >= 0.001, allowed: "0, or at least 0.001" }),
    ),
    ...whole("health.retries", retries),
  ];
}

function twice(path: string, targets: readonly string[]): Problem[] {
  return targets
    .filter((target, at) => targets.indexOf(target) !== at)
    .flatMap((target) => must(path, target, { holds: false, allowed: "each target once" }));
}
