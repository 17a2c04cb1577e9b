import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { timesOf } from "../../../bench/counted";
import { configurationOf, countOf } from "../../../bench/no-change/tofu/configuration";
import { defaultFarm } from "../../../bench/no-change/tofu/farm";
import { configuredFields, literal } from "../../../bench/no-change/tofu/fields";
import { opentofuVersion, providers } from "../../../bench/no-change/tofu/opentofu";
import { providerSchemas } from "../../../bench/no-change/tofu/schema";
import { exportedResources } from "../../../bench/exported";
import { ratioTable } from "../../../bench/no-change/tofu/table";
import { checkAll } from "../../../stacks/config";
import { repository } from "../../support/sources";

/** A secret as an export with --show-secrets has it. */
const shown = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const urn = (name: string) => `urn:pulumi:bench::swarm-farm::any::${name}`;

/** A stack with both providers, a component, and resources that refer to each other. */
const exported = JSON.stringify({
  version: 3,
  deployment: {
    resources: [
      { urn: urn("farm"), type: "swarm-farm:libvirt:Farm", custom: false },
      {
        urn: urn("local-libvirt"),
        type: "pulumi:providers:libvirt",
        custom: true,
        inputs: { __internal: {}, uri: "test:///one", version: "1.1.3" },
      },
      {
        urn: urn("swarm-docker"),
        type: "pulumi:providers:docker",
        custom: true,
        inputs: {
          host: "ssh://any.manager",
          sshOpts: '["-F","/config"]',
          registryAuth: shown('[{"address":"registry.internal","username":"u"}]'),
        },
      },
      {
        urn: urn("ssh-manager1.host"),
        type: "command:local:Command",
        custom: true,
        inputs: { create: "echo ${HOME}", stdin: shown("key"), triggers: ["id"] },
        outputs: { create: "echo ${HOME}", stdout: shown("printed") },
      },
      {
        urn: urn("manager1-domain"),
        type: "libvirt:index/domain:Domain",
        custom: true,
        inputs: {
          name: "bench.manager1",
          disks: [{ volumeId: "/p/a" }, { volumeId: "/p/b" }],
          cmdlines: [{ root: "/dev/vda" }],
          xml: { xslt: "<x/>" },
        },
      },
      {
        urn: urn("web-etc-config"),
        type: "docker:index/serviceConfig:ServiceConfig",
        custom: true,
        inputs: { __defaults: [], name: "web", data: "JHt4fQ==" },
        dependencies: [urn("ssh-manager1.host"), urn("manager1-domain"), urn("farm")],
      },
    ],
  },
});

/** As `tofu providers schema -json` prints it, of as much as the stack needs. */
const schemaText = JSON.stringify({
  format_version: "1.0",
  provider_schemas: {
    "registry.opentofu.org/dmacvicar/libvirt": {
      provider: { version: 0, block: { attributes: { uri: { type: "string", required: true } } } },
      resource_schemas: {
        libvirt_domain: {
          version: 0,
          block: {
            attributes: { name: { type: "string" }, cmdline: { type: ["list", ["map", "string"]], optional: true } },
            block_types: {
              disk: { nesting_mode: "list", block: { attributes: { volume_id: { type: "string" } } } },
              xml: { nesting_mode: "list", max_items: 1, block: { attributes: { xslt: { type: "string" } } } },
            },
          },
        },
      },
    },
    "registry.opentofu.org/kreuzwerker/docker": {
      provider: {
        block: {
          attributes: { host: { type: "string" }, ssh_opts: { type: ["list", "string"] } },
          block_types: {
            registry_auth: {
              nesting_mode: "set",
              block: { attributes: { address: { type: "string" }, username: { type: "string" } } },
            },
          },
        },
      },
      resource_schemas: {
        docker_config: { block: { attributes: { name: { type: "string" }, data: { type: "string" } } } },
      },
    },
  },
});

const schemas = providerSchemas(schemaText);
const options = { providers, schemas, settings: { libvirt: { uri: "test:///two" } }, hasCommands: true };

describe("the configuration for OpenTofu", () => {
  const resources = exportedResources(exported);

  test("has the resources of the state with Terraform's names, literal values, and as many references", () => {
    const configuration = configurationOf(resources, options);
    expect(configuration.provider).toEqual({
      libvirt: { uri: "test:///two" },
      docker: {
        host: "ssh://any.manager",
        ssh_opts: ["-F", "/config"],
        registry_auth: [{ address: "registry.internal", username: "u" }],
      },
    });
    expect(configuration.resource).toEqual({
      terraform_data: {
        "ssh-manager1_host": {
          input: { create: "echo $${HOME}", stdin: "key", stdout: "printed" },
          triggers_replace: ["id"],
          depends_on: [],
        },
      },
      libvirt_domain: {
        "manager1-domain": {
          name: "bench.manager1",
          disk: [{ volume_id: "/p/a" }, { volume_id: "/p/b" }],
          cmdline: [{ root: "/dev/vda" }],
          xml: [{ xslt: "<x/>" }],
          depends_on: [],
        },
      },
      docker_config: {
        "web-etc-config": {
          name: "web",
          data: "JHt4fQ==",
          depends_on: ["terraform_data.ssh-manager1_host", "libvirt_domain.manager1-domain"],
        },
      },
    });
    expect(countOf(configuration)).toEqual({ resources: 3, references: 2 });
  });

  test("without commands has those of both providers, and no reference to what is left out", () => {
    const configuration = configurationOf(resources, { ...options, hasCommands: false });
    expect(Object.keys(configuration.resource).sort()).toEqual(["docker_config", "libvirt_domain"]);
    expect(countOf(configuration)).toEqual({ resources: 2, references: 1 });
  });

  test("is refused where two resources would have one address, or the stack another number of providers", () => {
    const [, libvirt] = resources;
    const domain = resources.filter(({ type }) => type.endsWith("Domain"));
    const twice = domain.map((each) => ({ ...each, urn: `${each.urn}::manager1-domain` }));
    expect(() => configurationOf([...resources, ...twice], options)).toThrow("libvirt_domain.manager1-domain");
    expect(() => configurationOf([...resources, ...(libvirt ? [libvirt] : [])], options)).toThrow(
      "one provider libvirt",
    );
  });

  test("an export of another form is refused", () => {
    expect(() => exportedResources("{}")).toThrow("deployment");
  });
});

describe("fields", () => {
  const fields = schemas.get("libvirt")?.resources.get("libvirt_domain") ?? new Map<string, never>();

  test.each([
    ["a list of which Pulumi takes one alone", { xml: { xslt: "x" } }, { xml: [{ xslt: "x" }] }],
    ["a plural that Pulumi made", { cmdlines: [{ "a-b": "c" }] }, { cmdline: [{ "a-b": "c" }] }],
    ["nothing", { name: null }, {}],
  ])("%s", (_, pulumi, terraform) => {
    expect(configuredFields(pulumi, fields)).toEqual(terraform);
  });

  test("one that Terraform does not have is refused with those that it has", () => {
    expect(() => configuredFields({ colour: "red" }, fields)).toThrow(
      "Terraform has no field for Pulumi's 'colour', only name, cmdline, disk, xml",
    );
    expect(() => configuredFields({ disks: [1] }, fields)).toThrow("1 is no object");
  });

  test("a literal has no expression, and Terraform reads the same text from it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("$", "%", "{", "}", "a")), (parts) => {
        const text = parts.join("");
        const written = literal(text) as string;
        expect(written.replaceAll(/([$%])\1(?=\{)/g, "$1")).toBe(text);
        expect(written).not.toMatch(/(^|[^$%])[$%]\{/);
      }),
    );
    expect(literal({ "${a}": ["%{if}", 1, true, null] })).toEqual({ "$${a}": ["%%{if}", 1, true, null] });
  });
});

test("the measured farm is one that the farm takes: a manager and three workers with the default stacks", () => {
  const { config } = checkAll(defaultFarm("qemu+unix:///system?socket=/s"), repository);
  expect(Object.keys(config.nodes)).toEqual(["manager1", "worker1", "worker2", "worker3"]);
});

test("versions are those that the Go modules pin", () => {
  expect(opentofuVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(providers.libvirt?.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(providers.docker?.version).toMatch(/^\d+\.\d+\.\d+-/);
});

test("bash's times are read, with those of a command's children", () => {
  expect(timesOf("10.5 12.75\n0m0.001s 0m0.002s\n1m2.500s 0m0.250s\n")).toEqual({ seconds: 2.25, cpuSeconds: 62.75 });
  const printed = execFileSync("bash", [
    "-c",
    'started=$EPOCHREALTIME; ls / >/dev/null; echo "$started $EPOCHREALTIME"; times',
  ]);
  const { seconds, cpuSeconds } = timesOf(printed.toString());
  expect(seconds).toBeGreaterThan(0);
  expect(cpuSeconds).toBeGreaterThanOrEqual(0);
});

test("the table has medians, the least wall time, and the medians of the ratios of each round", () => {
  const runs = (...seconds: readonly number[]) => seconds.map((each) => ({ seconds: each, cpuSeconds: 2 * each }));
  const one = { name: "one", resources: 3, references: 2, runs: runs(1, 8, 3) };
  const other = { name: "other", resources: 2, references: 1, runs: runs(2, 8, 12) };
  expect(ratioTable(one, [other]).split("\n")).toEqual([
    "| run | resources | references | least wall, s | wall, s | ratio | CPU, s | ratio |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    "| one | 3 | 2 | 1.00 | 3.00 |  | 6.00 |  |",
    "| other | 2 | 1 | 2.00 | 8.00 | 0.50 | 16.00 | 0.50 |",
  ]);
});
