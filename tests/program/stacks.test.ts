import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listing } from "../support/mocks";
import { repository, runProgram, stackConfig, type Run } from "../support/program";
import { report } from "../support/states";

/** The stacks of the repository: those that someone works with on this machine are not shipped. */
const shipped = execFileSync("git", ["ls-files", "Pulumi.*.yaml"], { cwd: repository, encoding: "utf8" });
const stacks = shipped.split("\n").flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.slice(1) ?? []);

/** The resources that a stack is known to have, kept beside this file so that a change of them is read in review. */
function golden(stack: string): string[] {
  return readFileSync(join(__dirname, `resources.${stack}.txt`), "utf8")
    .trimEnd()
    .split("\n");
}

/** Resources of each shipped stack. */
const own: Readonly<Record<string, { top: string[]; urls: Record<string, string>; logins: Record<string, string> }>> = {
  dev: {
    top: ["edge-login", "lamp", "loadbalancer", "visualizer"],
    urls: {
      hello: "https://10.77.0.11/hello/",
      lamp: "https://10.77.0.11/",
      visualizer: "https://10.77.0.11/visualizer/",
    },
    logins: {
      admin: "password of edge-login-generated",
      app: "password of lamp-mysql-credential-generated",
    },
  },
};

test("every shipped stack is known here", () => {
  expect(stacks.sort()).toEqual(Object.keys(own).sort());
});

describe.each(stacks)("the shipped stack '%s'", (stack) => {
  let run: Run;

  beforeAll(async () => {
    run = await runProgram(stackConfig(`Pulumi.${stack}.yaml`), stack);
  });

  test("has exactly the resources in tests/program/resources.<stack>.txt", () => {
    expect(listing(run.resources)).toEqual(golden(stack));
  });

  test.each(["LoadBalancer", "Visualizer"])("finds the %s where a farm of an earlier version has it", (component) => {
    const name = component.toLowerCase();
    expect(run.resources.find(({ type }) => type === `swarm-farm:${name}:${component}`)?.aliases).toEqual([
      `swarm-farm:stacks:${component}`,
    ]);
  });

  test("names every resource once", () => {
    const urns = listing(run.resources);
    expect(urns.filter((urn, i) => urns.indexOf(urn) !== i)).toEqual([]);
  });

  test("puts nothing but its parts at the top", () => {
    const top = run.resources.filter(({ parent }) => parent === "").map(({ name }) => name);
    const every = ["authority", "cleanup", "farm", "hello", "registry", "registry-login", "swarm"];
    expect(top.sort()).toEqual([...every, ...(own[stack]?.top ?? [])].sort());
  });

  test("exports the nodes, and a URL for each stack", () => {
    const { nodes, urls } = run.outputs as { nodes: Record<string, unknown>[]; urls: Record<string, string> };
    expect(nodes).not.toHaveLength(0);
    for (const node of nodes) {
      expect(node).toEqual({
        name: expect.stringMatching(/^[a-z][a-z0-9-]*$/),
        role: expect.stringMatching(/^(manager|worker)$/),
        host: "local",
        address: expect.stringMatching(/^10\.77\.0\.\d+$/),
        labels: expect.any(Object),
        patchLevel: report,
      });
    }
    expect(urls).toEqual(own[stack]?.urls);
  });

  test("keeps the ssh files and the logins secret, and only those", () => {
    expect(run.secretOutputs).toEqual(["logins", "sshFiles"]);
    expect(Object.keys(run.outputs).sort()).toEqual([
      "addresses",
      "authorityCertificate",
      "certificates",
      "logins",
      "nodes",
      "sshFiles",
      "urls",
      "users",
    ]);
    // Pulumi warns of one in every preview.
    expect(Object.values(run.outputs)).not.toContain(undefined);
    expect(run.outputs.authorityCertificate).toBe("public half of authority-self\n");
    expect(run.outputs.logins).toEqual({
      registry: "password of registry-login-generated",
      ...own[stack]?.logins,
    });
    expect(run.outputs.users).toEqual(["app", "admin", "registry"]);
  });

  test("shows no private key, no token, no password and no hash of one in the clear", () => {
    const clear = JSON.stringify(run.resources, (key, value: unknown) => {
      if (typeof value === "object" && value !== null && "secret" in value) return "(secret)";
      // Configs go to Docker as base64.
      return key === "data" && typeof value === "string" ? Buffer.from(value, "base64").toString() : value;
    });
    expect(clear).not.toMatch(/private half of|stdout of swarm-\w+-token|password of|\$5\$rounds|\$2y\$04/);
    expect(JSON.stringify(run.resources)).toMatch(/private half of.*password of/s);
  });

  test("prints no secret that a command makes into the state in the clear", () => {
    const makers = run.resources.filter(
      ({ name, type }) => type.endsWith(":Command") && /-(generated|self|certificate|ed25519|token)$/.test(name),
    );
    expect(makers.length).toBeGreaterThan(8);
    const open = makers.filter(({ secretOutputs }) => !secretOutputs.includes("stdout")).map(({ name }) => name);
    expect(open).toEqual([]);
  });
});

test("a wrong configuration is refused with the path of the mistake, before any resource", async () => {
  const config = { ...stackConfig("Pulumi.dev.yaml"), network: "10.77.0.0/24", helo: "world" };
  await expect(runProgram(config)).rejects.toThrow(
    [
      "the configuration has 2 problems:",
      `  network: is "10.77.0.0/24"; must be a map of keys`,
      "  helo: is no known key; the nearest is 'hello'; see docs/configuration.md",
    ].join("\n"),
  );
});
