import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { stack } from "../../../../cli/commands/stack";
import { shippedConfig } from "../../../live/farm";
import { FakeFarm } from "../../../support/fake-farm";

const compose = `name: shop
services:
  web:
    image: registry.example.com/web:\${TAG}
    ports: ["8088:8080"]
    depends_on: [db]
    deploy: { placement: { constraints: [node.labels.db == true] } }
  db:
    image: registry.example.com/db:11
    volumes: ["data:/var/lib/mysql", "/srv/x:/x"]
    networks: [default, traefik]
volumes: { data: {} }
networks: { traefik: { external: true } }
`;

describe("./farm stack", () => {
  let farm: FakeFarm;
  let printed = "";

  beforeEach(() => {
    farm = new FakeFarm();
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    farm.configure(shippedConfig().replace(/^ {2}swarm-farm:lamp:.*\n/m, ""));
    farm.write("apps/shop/compose.yaml", compose);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    farm.remove();
  });

  const written = () => readFileSync(join(farm.home, "Pulumi.dev.yaml"), "utf8");
  const file = () => join(farm.home, "apps/shop/compose.yaml");
  const run = async (action: string, args: readonly string[], options: Readonly<Record<string, unknown>> = {}) =>
    stack.run(farm.context(), { arguments: [action, ...args], options });

  test("add gives each missing folder a volume, and says so; an existing stack keeps its volumes", async () => {
    farm.write("apps/shop/compose.yaml", compose.replace("/srv/x:/x", "./uploads:/x"));
    await run("add", ["shop", file()], { variable: ["TAG=1.10"] });
    expect(printed).toContain("here the volume 'uploads' takes its place, empty at first");
    expect(load(written())).toMatchObject({
      config: { "swarm-farm:stacks": { shop: { folders: { "./uploads": "uploads" } } } },
    });
    await run("add", ["shop"], { folder: ["uploads/=pictures"] });
    await run("add", ["shop"], { variable: ["TAG=1.11"] });
    expect(load(written())).toMatchObject({
      config: { "swarm-farm:stacks": { shop: { folders: { "./uploads": "pictures" } } } },
    });
    await expect(run("add", ["shop"], { folder: ["./uploads"] })).rejects.toThrow(
      "--folder is './uploads': it must be PATH=VOLUME or PATH=:ro, e.g. ./data=data",
    );
  });

  test("add reports the requirements of a file, and keeps the rest of the configuration", async () => {
    const before = written();
    await run("add", ["shop", file()], { variable: ["TAG=1.10"], route: ["shop=web:8080"] });
    expect(printed).toContain("stack 'shop': apps/shop/compose.yaml; ");
    expect(printed).toContain("  web: registry.example.com/web:1.10\n");
    expect(printed).toContain("better than with docker stack deploy:\n  apps/shop/compose.yaml:1: name: ");
    expect(printed).toMatch(/:6: services\.web\.depends_on: /);
    expect(printed.slice(printed.indexOf("to be given:"))).toBe(
      [
        "to be given:",
        "  apps/shop/compose.yaml:13: network 'traefik' must be in the swarm: ./farm docker network create --driver overlay traefik",
        "  apps/shop/compose.yaml:10: '/srv/x' must be on the nodes that run the service",
        "",
      ].join("\n"),
    );
    expect(farm.printed).toContain("Pulumi.dev.yaml has the stack 'shop'; next: ./farm preview");
    expect(load(written())).toEqual({
      config: {
        ...(load(before) as { config: object }).config,
        "swarm-farm:stacks": {
          shop: {
            file: "apps/shop/compose.yaml",
            variables: { TAG: "1.10" },
            routes: { shop: { service: "web", port: 8080 } },
          },
        },
      },
    });
    await run("remove", ["shop"]);
    expect(written()).toBe(before);
  });

  test("add says what a preview will warn of: data that stays, and an image without a version", async () => {
    farm.write("apps/shop/compose.yaml", compose.replace("db:11", "db"));
    await run("add", ["shop", file()], { variable: ["TAG=1"], dryRun: true });
    expect(printed).toMatch(
      /\nto know:\n[^]* {2}\S+:9: services\.db\.image: '\S+' has no tag, [^]* {2}\S+:10: services\.db\.volumes: the data in 'shop_data' stays/,
    );
  });

  test("add suggests a route, and says which variable is missing and how to keep it secret", async () => {
    farm.write(
      "apps/shop/compose.yaml",
      compose
        .replace("web:${TAG}", 'web:1"\n    environment: { A: "$TOKEN" }')
        .replace("image: registry.example.com/web:1", 'image: "registry.example.com/web:1'),
    );
    await run("add", ["shop", file()], { dryRun: true });
    expect(printed).toContain("--route shop=web:8080 serves 'web' at https://ADDRESS/shop/");
    expect(printed).toContain(
      "compose.yaml:5: variable TOKEN is not set: --variable TOKEN=VALUE, or for a secret: " +
        "pulumi config set --secret --path 'swarm-farm:stacks.shop.variables.TOKEN'",
    );
    expect(written()).not.toContain("shop");
  });

  test("add keeps the stack's encrypted variables, routes and comments", async () => {
    const secure = "v1:0123456789abcdef:0123456789abcdef0123456789abcdef";
    farm.configure(
      `${written()}  swarm-farm:stacks:\n    # The shop.\n    shop: { file: old.yaml, variables: { TOKEN: { secure: "${secure}" } }, routes: { a: { service: web, port: 1 } } }\n`,
    );
    await run("add", ["shop", file()], { variable: ["TAG=2"] });
    expect(written()).toContain("# The shop.");
    const { config } = load(written()) as { config: Record<string, unknown> };
    expect(config["swarm-farm:stacks"]).toEqual({
      shop: {
        file: "apps/shop/compose.yaml",
        variables: { TOKEN: { secure }, TAG: "2" },
        routes: { a: { service: "web", port: 1 } },
      },
    });
  });

  test("add completes an entry that `pulumi config set --path` created", async () => {
    farm.configure(
      `${written()}  swarm-farm:stacks:\n    shop:\n      variables:\n        TAG:\n          secure: v1:0:0\n`,
    );
    farm.write(
      "apps/shop/compose.yaml",
      compose.replace("web:${TAG}", "web:1").replace("depends_on: [db]", "environment: { A: $TAG }"),
    );
    await run("add", ["shop", file()]);
    const { config } = load(written()) as { config: Record<string, unknown> };
    expect(config["swarm-farm:stacks"]).toEqual({
      shop: { variables: { TAG: { secure: "v1:0:0" } }, file: "apps/shop/compose.yaml" },
    });
  });

  test("add reports a label that no node has, and writes nothing", async () => {
    farm.write("apps/shop/compose.yaml", compose.replace("labels.db", "labels.ssd"));
    await expect(async () => run("add", ["shop", file()], { variable: ["TAG=1"] })).rejects.toThrow(
      "apps/shop/compose.yaml:7: 'node.labels.ssd == true' holds on no node",
    );
    expect(printed).toContain("apps/shop/compose.yaml:7: no node has the label 'ssd': set nodes.NODE.labels.ssd");
    expect(written()).not.toContain("shop");
  });

  test("add leaves checks of encrypted values and of keys from an environment to the program", async () => {
    const uri = 'swarm-farm:hosts: { local: { uri: { secure: "v1:0:0" } } }';
    farm.configure(written().replace(/^ {2}swarm-farm:hosts:\n(?: {4}.*\n)+/m, `  ${uri}\n`));
    expect(written()).toContain(uri);
    await run("add", ["shop", file()], { variable: ["TAG=1"] });
    expect(written()).toContain("apps/shop/compose.yaml");
    farm.configure("environment: [base]\nconfig: {}\n");
    await run("add", ["shop", file()], { variable: ["TAG=1"] });
    expect(load(written())).toMatchObject({ environment: ["base"], config: { "swarm-farm:stacks": { shop: {} } } });
  });

  test.each([
    ["an unknown action", "ad", ["shop"], {}, "there is no './farm stack ad'; there are: add, remove, list"],
    [
      "a file outside",
      "add",
      ["shop", "/etc/compose.yaml"],
      {},
      /^'\/etc\/compose\.yaml' is outside of .*: copy it into/,
    ],
    ["no name", "add", [], {}, "name the stack: ./farm stack add NAME FILE"],
    ["no name of what is removed", "remove", [], {}, "name the stack: ./farm stack remove NAME"],
    ["no file", "add", ["shop"], {}, "there is no stack 'shop' yet: name its compose file too"],
    [
      "a stack that does not exist",
      "remove",
      ["shop"],
      {},
      "there is no stack 'shop' in Pulumi.dev.yaml; there are: none",
    ],
    [
      "a variable without a value",
      "add",
      ["shop", "FILE"],
      { variable: ["TAG"] },
      /--variable is 'TAG': it must be NAME=VALUE/,
    ],
    [
      "a route without a port",
      "add",
      ["shop", "FILE"],
      { route: ["shop=web"] },
      /--route is 'shop=web': it must be NAME=SERVICE:PORT/,
    ],
    [
      "a profile that no service has",
      "add",
      ["shop", "FILE"],
      { variable: ["TAG=1"], profile: ["tools"] },
      "stacks.shop: apps/shop/compose.yaml:1: services.*.profiles: no service has the profile 'tools'; remove it: no service has profiles",
    ],
    ["a name that Swarm refuses", "add", ["Shop_1", "FILE"], { variable: ["TAG=1"] }, /'Shop_1' is no key here/],
    ["a missing file", "add", ["shop", "FILE.yml"], {}, /compose\.yaml\.yml:1: .* there is no such file/],
    [
      "an image without a version",
      "add",
      ["shop", "FILE"],
      {},
      /compose\.yaml:4: services\.web\.image: 'registry\.example\.com\/web:' is no image/,
    ],
    [
      "a service that does not exist",
      "add",
      ["shop", "FILE"],
      { variable: ["TAG=1"], route: ["shop=www:80"] },
      /is 'www', which the compose file does not have/,
    ],
  ])("%s is refused, and nothing is written", async (_, action, args, options, message) => {
    const before = written();
    const ran = async () =>
      run(
        action,
        args.map((each) => each.replace("FILE", file())),
        options,
      );
    await expect(ran()).rejects.toThrow(message);
    expect(written()).toBe(before);
  });
});
