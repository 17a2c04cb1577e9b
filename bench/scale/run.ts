import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { versions } from "../../cli/setup/tools/versions";
import { RecordingApi } from "../../tests/support/compose/recording-api";
import { FakeCommands } from "../../tests/support/fake-commands";
import { FakeLibvirt } from "../../tests/support/fake-libvirt/server";
import type { Size } from "../simulated/farm";
import { mibOf, Project } from "../simulated/project";
import type { Figures } from "../simulated/sizes";
import { sum } from "../sum";
import { longestChain, referencesIn, resourcesOf, servicesBeforeNodes } from "./state";

/** Builds a farm of that size from nothing by `up`. */
export async function figuresOf(size: Size): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "scale-"));
  const libvirt = await FakeLibvirt.start(join(folder, "socket"));
  const docker = await RecordingApi.start();
  const commands = await FakeCommands.start(versions.command);
  try {
    const project = new Project("scale", {
      programs: fakeSsh(folder, docker.host),
      more: { PULUMI_DEBUG_PROVIDERS: commands.debugProviders },
    });
    await project.begin(size, libvirt.uri);
    const up = await project.pulumi("up", "--yes", "--skip-preview");
    const resources = resourcesOf(readFileSync(project.state, "utf8"));
    const early = servicesBeforeNodes(resources);
    if (early > 0) throw new Error(`${String(early)} services were created before every node was in the swarm`);
    return {
      resources: resources.length,
      references: referencesIn(resources),
      "longest chain": longestChain(resources),
      "state, MiB": mibOf(project.state),
      "requests to libvirt": sum(libvirt.requests.values()),
      "requests to Docker": sum(docker.requests.values()),
      commands: commands.created.length,
      "wall, s": up.seconds,
      ...Object.fromEntries([...up.programs].map(([name, { cpuSeconds }]) => [`CPU of ${name}, s`, cpuSeconds])),
    };
  } finally {
    commands.stop();
    await docker.stop();
    await libvirt.stop();
    rmSync(folder, { recursive: true });
  }
}

/** A folder with an `ssh` that connects to Docker's API, whatever the host: the Docker provider runs `docker system dial-stdio` by it. */
function fakeSsh(folder: string, api: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nexec socat - TCP:${new URL(api).host}\n`);
  chmodSync(join(bin, "ssh"), 0o755);
  return bin;
}
