import { isNoStack, pulumiReason } from "../../../../cli/pulumi/answer";
import { nameOf, parseResources } from "../../../../cli/pulumi/state";

test("a state without a deployment has no resources", () => {
  expect(parseResources("{}")).toEqual([]);
  expect(parseResources('{"deployment":{"resources":null}}')).toEqual([]);
  const urn = "urn:pulumi:dev::swarm-farm::a:b:C$d:e:F::name";
  expect(parseResources(JSON.stringify({ deployment: { resources: [{ urn, type: "d:e:F" }] } }))).toHaveLength(1);
  expect(nameOf(urn)).toBe("name");
});

test("a state of a newer form is refused with the key that differs", () => {
  expect(() => parseResources('{"deployment":{"resources":[{"urn":1}]}}')).toThrow(
    /^the stack's state is of a form that this version does not know \(deployment\.resources\.0\.urn: .*\): use the version/,
  );
});

const passphrase = { environment: { PULUMI_CONFIG_PASSPHRASE_FILE: "/p" }, stack: "dev", repository: "" };
test.each([
  ["error: no stack named 'dev' found", "the farm 'dev' is not there: ./farm up builds it"],
  ["error: constructing secrets manager: incorrect passphrase", "the passphrase (/p) is not the one that"],
  ["error: passphrase must be set with", "is missing (/p): copy it from the machine that built the farm"],
  ["warning: x\nerror: disk full\nmore", "pulumi: disk full"],
])("Pulumi's %j is explained", (stderr, reason) => {
  expect(pulumiReason(passphrase, stderr)).toContain(reason);
});

test("a stack that does not exist differs from a backend that cannot be read", () => {
  expect(isNoStack("error: no stack named 'dev' found")).toBe(true);
  expect(isNoStack("error: unable to open state directory: permission denied")).toBe(false);
});
