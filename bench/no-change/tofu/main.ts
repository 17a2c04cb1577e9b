import { cpus, loadavg, totalmem } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { versions } from "../../../cli/setup/tools/versions";
import { foldersOf } from "../../../infra/config/folders";
import type { Counted } from "../../counted";
import { Surroundings } from "../../simulated/surroundings";
import { sum } from "../../sum";
import { configurationOf, countOf } from "./configuration";
import { PulumiFarm } from "./farm";
import { OpenTofu, opentofuVersion, providers } from "./opentofu";
import type { Resource } from "../../exported";
import { ratioTable, type Subject, type Times } from "./table";

/** A subject before its runs. */
type Measurable = Omit<Subject, "runs"> & { readonly run: () => Promise<Counted> };

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "11" } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds '${values.rounds}' is no number from 1 on`);
  const [own, ...others] = [
    await Surroundings.start(),
    await Surroundings.start(),
    await Surroundings.start(),
  ] as const;
  try {
    const farm = await PulumiFarm.build(own);
    const resources = await farm.resources();
    const measurable = [pulumiOf(farm, resources), ...(await tofuOf(farm, resources, others))];
    const loads: number[] = [];
    const runs = measurable.map((): Times[] => []);
    // The first run of each reads its programs from the disk.
    for (let round = 0; round <= rounds; round += 1)
      for (const [at, { name, run }] of measurable.entries()) {
        const { seconds, cpuSeconds } = await run();
        if (round > 0) runs[at]?.push({ seconds, cpuSeconds });
        const [load = NaN] = loadavg();
        loads.push(load);
        process.stderr.write(
          `${String(round)} ${name}: ${seconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, load average ${load.toFixed(1)}\n`,
        );
      }
    const [first, ...rest] = measurable.map((each, at): Subject => ({ ...each, runs: runs[at] ?? [] }));
    if (first) console.log(ratioTable(first, rest));
    console.log(`\n${conditions(loads)}`);
  } finally {
    for (const each of [own, ...others]) await each.stop();
  }
}

function pulumiOf(farm: PulumiFarm, resources: readonly Resource[]): Measurable {
  const custom = resources.filter(({ custom: is, type }) => is && !type.startsWith("pulumi:"));
  const references = sum(custom.map(({ dependencies }) => dependencies.length));
  return { name: "`pulumi up --skip-preview`", resources: custom.length, references, run: () => farm.upUnchanged() };
}

/** OpenTofu with all resources, and with those of both providers alone, each built in surroundings of its own. */
async function tofuOf(
  farm: PulumiFarm,
  resources: readonly Resource[],
  surroundings: readonly Surroundings[],
): Promise<readonly Measurable[]> {
  const folder = join(foldersOf("bench", process.env).cache, "bench-opentofu");
  const { environment } = farm.project;
  const schemas = await new OpenTofu(folder, environment).build();
  const measurable: Measurable[] = [];
  for (const [at, { libvirt, programs }] of surroundings.entries()) {
    const hasCommands = at === 0;
    const path = [programs, environment.PATH ?? ""].join(delimiter);
    const tofu = new OpenTofu(folder, { ...environment, PATH: path });
    const settings = { libvirt: { uri: libvirt.uri } };
    const configuration = configurationOf(resources, { providers, schemas, settings, hasCommands });
    const project = await tofu.project(hasCommands ? "all" : "providers", configuration);
    await project.apply();
    for (const options of [["-refresh=false"], []])
      measurable.push({
        name: `\`${["tofu apply", ...options].join(" ")}\`${hasCommands ? "" : ", no commands"}`,
        ...countOf(configuration),
        run: () => project.applyUnchanged(...options),
      });
  }
  return measurable;
}

function conditions(loads: readonly number[]): string {
  const [processor] = cpus();
  return [
    new Date().toISOString().slice(0, 10),
    `${String(cpus().length)} cores, ${processor?.model.trim() ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
    `Node ${process.versions.node}, Pulumi ${versions.pulumi}, OpenTofu ${opentofuVersion}`,
    ...Object.values(providers).map(({ source, version }) => `${source} ${version}`),
  ].join(", ");
}
