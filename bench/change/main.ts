import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { endedWell, repository, smallConfig, TestFarm } from "../../tests/live/farm";
import { median } from "../median";
import { timed } from "../timed";

const manager = { role: "manager", vcpu: 2 };
const worker = { role: "worker" };
const file = join("bench", "change", "compose.yaml");

/** Small changes of a farm that is up, each in the ways there are, in seconds. */
interface Change {
  /** The whole command. */
  readonly up: number;
  /** Plain `pulumi up`: it waits until the service has converged. */
  readonly pulumi: number;
  /** `docker stack deploy`, or `docker node update` for a label. */
  readonly docker: number;
}

/** A service's variable, and a node's label, changed in turn by `./farm up`, by Pulumi alone, and by docker's own client. */
async function main(runs: number): Promise<void> {
  const farm = new TestFarm("test-change");
  try {
    farm.configureAs(config("0", "0"));
    await farm.ok(["up"]);
    const image = await farm.docker(
      "service",
      "inspect",
      "shop_web",
      "-f",
      "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
    );
    await deploy(farm, image, "0");
    const last = `${String(runs)}b`;
    const services = await repeated(runs, "service", (run) =>
      changed(
        farm,
        (value) => config(value, "0"),
        (value) => deploy(farm, image, value),
        run,
      ),
    );
    const labels = await repeated(runs, "label", (run) =>
      changed(
        farm,
        (value) => config(last, value),
        (value) => label(farm, value),
        run,
      ),
    );
    const nothing = await repeated(runs, "nothing", async () => {
      const pulumi = await byPulumi(farm);
      // After another's update the first one updates too.
      await farm.ok(["up"]);
      return { up: await timed(() => farm.ok(["up"])), pulumi, docker: NaN };
    });
    for (const [name, changes] of Object.entries({ service: services, label: labels, nothing }))
      process.stdout.write(`${row(`${name}, medians`, medians(changes))}\n`);
    const more = await timed(() => up(farm, config(last, last, { worker2: worker })));
    const fewer = await timed(() => up(farm, config(last, last)));
    process.stdout.write(
      `one node more ${more.toFixed(0)} s, fewer ${fewer.toFixed(0)} s; load average ${(loadavg()[0] ?? NaN).toFixed(1)}\n`,
    );
  } finally {
    await farm.end();
  }
}

async function repeated(runs: number, name: string, once: (run: number) => Promise<Change>): Promise<Change[]> {
  const done: Change[] = [];
  while (done.length < runs) {
    done.push(await once(done.length + 1));
    process.stdout.write(`${row(`${name} ${String(done.length)}`, done.at(-1))}\n`);
  }
  return done;
}

function config(value: string, tier: string, more: Readonly<Record<string, unknown>> = {}) {
  const small = smallConfig({ manager1: manager, worker1: { ...worker, labels: { tier } }, ...more });
  return { ...small, stacks: { shop: { file, variables: { VALUE: value } } } };
}

type Keys = ReturnType<typeof config>;

async function changed(
  farm: TestFarm,
  configOf: (value: string) => Keys,
  byDocker: (value: string) => Promise<void>,
  run: number,
): Promise<Change> {
  const byUp = await timed(() => up(farm, configOf(`${String(run)}a`)));
  farm.configureAs(configOf(`${String(run)}b`));
  const pulumi = await byPulumi(farm);
  return { up: byUp, pulumi, docker: await timed(() => byDocker(String(run))) };
}

/** Without the start of `./farm env`, which gives its environment. */
async function byPulumi(farm: TestFarm): Promise<number> {
  const script =
    "began=$EPOCHREALTIME; pulumi up --yes --skip-preview --non-interactive >&2; echo $began $EPOCHREALTIME";
  const { stdout } = endedWell("pulumi up", await farm.withEnv(`set -e; ${script}`));
  const [began = NaN, ended = NaN] = stdout.trim().split(" ").map(Number);
  return ended - began;
}

async function up(farm: TestFarm, keys: Readonly<Record<string, unknown>>): Promise<void> {
  farm.configureAs(keys);
  await farm.ok(["up"]);
}

/** The same service as a stack of docker's own, and the wait for it. */
async function deploy(farm: TestFarm, image: string, value: string): Promise<void> {
  const text = readFileSync(join(repository, file), "utf8")
    .replace(/\$\{IMAGE[^}]*\}/, image)
    .replace("${VALUE}", value);
  await farm.ok([
    "ssh",
    "manager1",
    `docker stack deploy --detach=false --with-registry-auth -c - plain <<'E'\n${text}E`,
  ]);
}

/** A label that the program does not know. */
async function label(farm: TestFarm, value: string): Promise<void> {
  await farm.docker("node", "update", "--label-add", `plain=${value}`, "worker1");
}

function row(name: string, change: Change | undefined): string {
  const { up: whole = NaN, pulumi = NaN, docker = NaN } = change ?? {};
  const cells = [whole, pulumi, docker].map((seconds) => seconds.toFixed(1));
  const ratios = [whole / docker, pulumi / docker, whole / pulumi].map((ratio) => ratio.toFixed(2));
  return `| ${[name, ...cells, ...ratios].join(" | ").replaceAll("NaN", "")} |`;
}

function medians(changes: readonly Change[]): Change {
  const of = (kind: keyof Change) => median(changes.map((change) => change[kind]));
  return { up: of("up"), pulumi: of("pulumi"), docker: of("docker") };
}

void main(Number(process.argv[2] ?? 5));
