import { phraseOf, waitsFor } from "../../../../cli/engine/progress/names";

const command = "command:local:Command";

test.each([
  ["worker1-domain", "libvirt:index/domain:Domain", "VM worker1"],
  ["worker1-disk", "libvirt:index/volume:Volume", "disk of worker1"],
  ["local-image", "libvirt:index/volume:Volume", "volume local-image"],
  ["worker1-power", command, "node worker1 boots"],
  ["swarm-init", "command:remote:Command", "swarm init"],
  ["swarm-settings", command, "settings of the swarm"],
  ["worker1-join", "command:remote:Command", "node worker1 joins the swarm"],
  ["worker1-ready", command, "node worker1 is ready"],
  ["registry-image-manager1-copy", "command:remote:CopyToRemote", "image registry-image-manager1 is copied"],
  ["lamp-php-service", "docker:index/service:Service", "service lamp-php"],
  ["hello-converged", command, "service hello converges"],
  ["authority-self", command, "authority-self"],
  ["edge-login-generated", command, "edge-login-generated"],
])("%s has a readable name", (name, type, phrase) => {
  expect(phraseOf(`urn:pulumi:dev::swarm-farm::${type}::${name}`, type)).toBe(phrase);
});

test("a service is named by the resource that waits for it", () => {
  expect(waitsFor("urn:pulumi:dev::swarm-farm::x::lamp-php-converged")).toBe("lamp-php");
  expect(waitsFor("urn:pulumi:dev::swarm-farm::x::worker1-ready")).toBeUndefined();
});
