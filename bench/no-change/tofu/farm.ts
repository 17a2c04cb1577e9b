import { readFileSync } from "node:fs";
import { versions } from "../../../cli/setup/tools/versions";
import { FakeCommands } from "../../../tests/support/fake-commands";
import { runCounted, type Counted } from "../../counted";
import { Project } from "../../simulated/project";
import type { Surroundings } from "../../simulated/surroundings";
import { exportedResources, type Resource } from "../../exported";

/** The farm of Pulumi.dev.yaml, whose libvirt is simulated. @param libvirt its URI */
export function defaultFarm(libvirt: string): Readonly<Record<string, unknown>> {
  const worker = { role: "worker" };
  return {
    hosts: { local: { uri: libvirt, virtualization: "qemu" } },
    network: { cidr: "10.77.0.0/24" },
    nodes: {
      manager1: { role: "manager", vcpu: 2 },
      worker1: worker,
      worker2: worker,
      worker3: { ...worker, labels: { db: "true" } },
    },
    hello: {},
    lamp: {},
    loadbalancer: {},
    visualizer: {},
  };
}

/** A farm that Pulumi built, with which `up` has nothing to do. */
export class PulumiFarm {
  private constructor(readonly project: Project) {}

  /** Builds it. No command runs: a plugin of the tests answers for Pulumi's own, which later runs have again. */
  static async build({ libvirt, programs }: Surroundings): Promise<PulumiFarm> {
    const commands = await FakeCommands.start(versions.command);
    try {
      const more = { PULUMI_DEBUG_PROVIDERS: commands.debugProviders };
      const building = new Project("no-change", { programs, more });
      await building.beginWith(defaultFarm(libvirt.uri));
      await building.pulumi("up", "--yes", "--skip-preview");
    } finally {
      commands.stop();
    }
    return new PulumiFarm(new Project("no-change", { programs }));
  }

  /** The resources of its state. */
  async resources(): Promise<readonly Resource[]> {
    const file = this.project.file("export.json");
    await this.project.pulumi("stack", "export", "--show-secrets", "--file", file);
    return exportedResources(readFileSync(file, "utf8"));
  }

  /** An `up` as `./farm up` runs it: without a preview or refresh. @throws Error if something changes */
  upUnchanged(): Promise<Counted> {
    const { folder: cwd, environment: env } = this.project;
    const options = ["--yes", "--skip-preview", "--non-interactive", "--expect-no-changes"];
    return runCounted(["pulumi", "up", ...options], { cwd, env });
  }
}
