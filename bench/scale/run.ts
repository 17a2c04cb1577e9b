import { readFileSync } from "node:fs";
import { versions } from "../../cli/setup/tools/versions";
import { FakeCommands } from "../../tests/support/fake-commands";
import type { Size } from "../simulated/farm";
import { mibOf, Project } from "../simulated/project";
import type { Figures } from "../simulated/sizes";
import { Surroundings } from "../simulated/surroundings";
import { sum } from "../sum";
import { longestChain, referencesIn, resourcesOf, servicesBeforeNodes } from "./state";

/** Builds a farm of that size from nothing by `up`. */
export async function figuresOf(size: Size): Promise<Figures> {
  const surroundings = await Surroundings.start();
  const { libvirt, docker, programs } = surroundings;
  const commands = await FakeCommands.start(versions.command);
  try {
    const project = new Project("scale", { programs, more: { PULUMI_DEBUG_PROVIDERS: commands.debugProviders } });
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
    await surroundings.stop();
  }
}
