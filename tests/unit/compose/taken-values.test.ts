import { composeKeys } from "../../../compose/keys/table";
import type { Finding } from "../../../compose";
import { service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

async function findingsOf(lines: string, rest = ""): Promise<readonly Finding[]> {
  const one = service(lines, rest);
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  return findings;
}

test.each([
  ["privileged: false", "privileged"],
  ["ipc: private", "ipc"],
  ["ipc: shareable", "ipc"],
  ["userns_mode: host", "userns_mode"],
  ["cgroup: private", "cgroup"],
  ["runtime: runc", "runtime"],
  ["security_opt: [apparmor:unconfined, 'label=disable']", "security_opt"],
  ["security_opt: [no-new-privileges:false]", "security_opt"],
  ["memswap_limit: -1", "memswap_limit"],
  ["mem_swappiness: 0", "mem_swappiness"],
  ["ports: [{target: 80, host_ip: 0.0.0.0}]", "ports[0].host_ip"],
  [
    "volumes: [{type: bind, source: /a, target: /a, bind: {create_host_path: true}}]",
    "volumes[0].bind.create_host_path",
  ],
  ["volumes: [{type: bind, source: /a, target: /a, bind: {selinux: z}}]", "volumes[0].bind.selinux"],
  ["develop: {watch: [{path: ., action: sync, target: /app}]}", "develop"],
])("'%s' asks for nothing, and a finding says so", async (lines, path) => {
  const findings = await findingsOf(lines);
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ path: `services.web.${path}`, outcome: "improved" }));
});

test.each([
  "privileged: true",
  "ipc: host",
  "userns_mode: keep-id",
  "cgroup: host",
  "runtime: nvidia",
  "ports: [{target: 80, host_ip: 127.0.0.1}]",
  "security_opt: [seccomp:unconfined]",
  "security_opt: [no-new-privileges:true, apparmor:mine]",
  "security_opt: []",
  "privileged: $P",
])("'%s' stays refused", async (lines) => {
  expect((await findingsOf(lines)).filter(({ outcome }) => outcome === "refused")).toHaveLength(1);
});

test("privileges that a program may gain are warned of in each preview", async () => {
  const [warning] = await findingsOf("security_opt: [no-new-privileges:true]").then((all) =>
    all.filter(({ path }) => path === "services.web.security_opt"),
  );
  expect(warning).toMatchObject({
    outcome: "honoured",
    reason: expect.stringContaining("it is not set, as with docker") as string,
  });
});

test("each item of a list is reported by its own exception, once", async () => {
  const all = await findingsOf("security_opt: ['no-new-privileges:true', 'label:disable', 'apparmor=unconfined']");
  expect(all.filter(({ path }) => path === "services.web.security_opt").map(({ outcome }) => outcome)).toEqual([
    "honoured",
    "improved",
  ]);
});

test.each([
  ["always", "any"],
  ["unless-stopped", "any"],
  ["'no'", "none"],
])("the restart condition %s is %s", async (word, condition) => {
  const one = service(`deploy: {restart_policy: {condition: ${word}}}`);
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(application?.services[0]?.restartPolicy).toEqual({ condition });
  expect(findings.filter(({ outcome }) => outcome === "improved")).toHaveLength(1);
});

test("only refused keys have values that are taken", () => {
  expect(composeKeys.filter(({ exceptions, outcome }) => exceptions !== undefined && outcome !== "refused")).toEqual(
    [],
  );
});
