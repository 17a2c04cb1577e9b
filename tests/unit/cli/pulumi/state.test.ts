import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foldersOf } from "../../../../infra/config/folders";
import { decidedMode, inFarm, namespaceOf } from "../../../../cli/hypervisor/enter";
import { anyManager, onNode } from "../../../../cli/nodes/ssh";
import { isNoStack, pulumiReason } from "../../../../cli/pulumi/answer";
import { nameOf, parseResources } from "../../../../cli/pulumi/state";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "farm-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const farm = () => ({ stack: "dev", folders: foldersOf("dev", { HOME: home }) });

test("folders follow the XDG variables, an empty one counts as none", () => {
  expect(foldersOf("dev", { HOME: "/root", XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "" })).toEqual({
    cache: "/c/swarm-farm",
    config: "/root/.config/swarm-farm",
    farms: "/root/.local/state/swarm-farm",
    state: "/root/.local/state/swarm-farm/dev",
  });
});

test("a farm whose hypervisor is not decided, or the machine's, is entered by nothing", () => {
  expect(inFarm(farm(), ["virsh", "list"])).toEqual(["virsh", "list"]);
  expect(decidedMode(farm())).toBeUndefined();
});

test("a farm whose own libvirt does not run says what starts it", () => {
  mkdirSync(farm().folders.state, { recursive: true });
  writeFileSync(join(farm().folders.state, "hypervisor"), "isolated\n");
  expect(() => inFarm(farm(), ["virsh"])).toThrow("the farm's hypervisor is not running: ./farm up starts it");
});

test("each farm has a namespace of its own", () => {
  expect(namespaceOf(farm())).toMatch(/^farm-dev-[0-9a-f]{6}$/);
  expect(namespaceOf({ ...farm(), folders: foldersOf("dev", { HOME: "/other" }) })).not.toBe(namespaceOf(farm()));
});

test("a node is reached by the farm's own ssh configuration", () => {
  expect(onNode(farm(), anyManager, "docker info").slice(0, 3)).toEqual([
    "ssh",
    "-F",
    join(home, ".local/state/swarm-farm/dev/ssh/config"),
  ]);
});

test("a state without a deployment has no resources", () => {
  expect(parseResources("{}")).toEqual([]);
  expect(parseResources('{"deployment":{"resources":null}}')).toEqual([]);
  const urn = "urn:pulumi:dev::swarm-farm::a:b:C$d:e:F::name";
  expect(parseResources(JSON.stringify({ deployment: { resources: [{ urn, type: "d:e:F" }] } }))).toHaveLength(1);
  expect(nameOf(urn)).toBe("name");
});

test("a state of a newer form is named, with where it differs", () => {
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

test("a stack that is not there differs from a backend that cannot be read", () => {
  expect(isNoStack("error: no stack named 'dev' found")).toBe(true);
  expect(isNoStack("error: unable to open state directory: permission denied")).toBe(false);
});
