import { z } from "zod";
import { surface } from "../../stacks/config";
import { withStacks } from "../support/configs";
import { find, type Registered } from "../support/mocks";
import { runProgram } from "../support/program";
import { refusal } from "../support/refusal";

/** The renamed keys as farms of earlier versions have them; CHANGELOG.md lists them. */
const renamed: readonly [former: string, current: string, config: Record<string, unknown>][] = [
  ["image.updated", "version", { image: { kind: "farm", updated: "2026-12-01" } }],
  ["lamp.content", "contentDir", { lamp: { content: "stacks/lamp/content" } }],
  ["lamp.encrypted", "encryptOverlay", { lamp: { encrypted: true } }],
  ["loadbalancer.names", "hostnames", { loadbalancer: { names: ["shop.example"] } }],
  ["loadbalancer.software", "implementation", { loadbalancer: { software: "haproxy" } }],
  ["steward.quietSeconds", "stabilizationSeconds", { steward: { quietSeconds: 30 } }],
];

test.each(renamed)("'%s' is refused with its new name '%s'", (former, current, config) => {
  expect(refusal(withStacks(config))).toEqual([
    `${former}: is now called '${current}'; rename the key, its value stays as it is`,
  ]);
});

test("these are all keys that the schema says are renamed", () => {
  const schema = JSON.stringify(z.toJSONSchema(surface.schema, { io: "input", unrepresentable: "any" }));
  const formers = [...schema.matchAll(/"formerly":"(\w+)"/g)].map((match) => match[1]);
  expect([...new Set(formers)].sort()).toEqual(renamed.map(([former]) => former.split(".").at(-1)).sort());
});

describe("under its new name a value reaches the resource that it reached under the former", () => {
  let resources: readonly Registered[];

  beforeAll(async () => {
    const farm = withStacks({
      image: { kind: "farm", version: "2026-12-01" },
      lamp: { contentDir: "stacks/lamp/content", encryptOverlay: true },
      loadbalancer: { hostnames: ["shop.example"], implementation: "haproxy" },
      steward: { stabilizationSeconds: 30 },
    });
    resources = (await runProgram(farm)).resources;
  });

  test.each([
    ["local-image-farm-2026-12-01-disk", "name", expect.stringMatching(/-2026-12-01/)],
    ["lamp-data-ipsec-network", "options", { encrypted: "" }],
    ["lamp-nginx-srv-www-style.css", "name", expect.stringMatching(/style/)],
    [
      "loadbalancer-certificate",
      "environment",
      expect.objectContaining({ NAMES: expect.stringContaining("DNS:shop.example") }),
    ],
    ["loadbalancer-haproxy", "name", expect.any(String)],
  ])("%s has it in '%s'", (name, input, value) => {
    expect(find(resources, name).inputs[input]).toEqual(value);
  });

  test("the steward's image reads it under the name that every version of it knows", () => {
    const { data } = find(resources, "steward-server-etc-steward.json").inputs;
    expect(JSON.parse(Buffer.from(data as string, "base64").toString())).toMatchObject({ quietSeconds: 30 });
  });
});
