import { read } from "../../support/compose/compare";
import { service, type Case } from "../../support/compose/cases";
import { inFolder } from "../../support/compose/stack-deploy";

const readIt = (one: Case) => inFolder(one.files, (folder) => read(folder, one));

test("`network_mode: host` is Docker's own network, which nobody creates; `bridge` is the stack's", async () => {
  const { application, needs, findings } = await readIt(service("network_mode: host"));
  expect(application?.services[0]?.networks).toMatchObject([{ network: "host", name: "host", aliases: [] }]);
  expect(application?.networks).toMatchObject([{ kind: "external", name: "host" }]);
  expect(needs.networks).toEqual([]);
  expect(findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  const bridge = await readIt(service("network_mode: bridge"));
  expect(bridge.application?.services[0]?.networks).toMatchObject([{ name: "shop_default", aliases: ["web"] }]);
  expect(bridge.findings.map(({ reason = "" }) => reason).join()).toContain("'bridge' is one node's");
});
