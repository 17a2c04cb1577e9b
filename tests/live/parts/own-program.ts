import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PackedExample } from "../../support/packed-example";
import { addresses, endedWell, type TestFarm } from "../farm";

/**
 * `examples/own-program`, with the package that npm would install, on the swarm of a farm that `./farm` made.
 *
 * @param between tests that run `./farm up` while it is deployed
 */
export function ownProgramTests(farm: TestFarm, between: () => void): void {
  const example = new PackedExample();
  const page = `http://${addresses.worker1}:8088/`;
  const ssh = join(farm.home, "s", "swarm-farm", farm.stack, "ssh", "config");

  afterAll(() => {
    example.end();
  });

  /** Where the farm's addresses are, and Pulumi as it is: another project with a stack of its own. */
  const pulumi = async (line: string) => {
    const script = `cd ${example.folder} && unset PULUMI_STACK && pulumi ${line} --non-interactive`;
    return endedWell(`pulumi ${line}`, await farm.farm(["run", "--", "bash", "-c", script]));
  };

  test("a program of a person's own deploys a service that answers", async () => {
    const [image = ""] = await farm.runningTasks("hello", "{{.Image}}");
    writeFileSync(
      join(example.folder, "Pulumi.dev.yaml"),
      `config: ${JSON.stringify({
        "own-program:swarm": "ssh://root@any.manager",
        "own-program:sshOptions": ["-F", ssh],
        "own-program:image": image,
      })}\n`,
    );
    await pulumi("stack init dev");
    const up = await pulumi("up --yes --skip-preview");
    expect(up.stdout).toMatch(/tasks: "2\/2"/);
    expect(await farm.curl(["-f", page])).toContain("<h1>own-program</h1>");
  });

  between();

  test("./farm up neither shows nor removes what a program of a person's own has made", async () => {
    const preview = await farm.withEnv("pulumi preview --expect-no-changes --non-interactive");
    expect(endedWell("pulumi preview", preview).output).toMatch(/\d+ unchanged/);
    expect(await farm.curl(["-f", page])).toContain("<h1>own-program</h1>");
    await pulumi("preview --refresh --expect-no-changes");
  });

  test("a program of a person's own leaves nothing in the swarm when it is destroyed", async () => {
    await pulumi("destroy --yes --skip-preview");
    const left = await farm.docker("service", "ls", "--format", "{{.Name}}");
    expect(left.split("\n")).not.toContain("web");
    expect(await farm.docker("secret", "ls", "--format", "{{.Name}}")).not.toMatch(/^admin-password/m);
    expect(await farm.docker("config", "ls", "--format", "{{.Name}}")).not.toMatch(/^page-/m);
  });
}
