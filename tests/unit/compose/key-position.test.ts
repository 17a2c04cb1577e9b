import { formatPosition, keyPositionOf } from "../../../compose";
import { service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { inFolder } from "../../support/compose/stack-deploy";

const resources = "deploy:\n  resources:\n    limits:\n      memory: 9m\n";

test.each<[string, string, string, string]>([
  ["a key of its own", "user: a", "user", "4 user"],
  ["a key within another", resources, "deploy.resources.limits.memory", "7 deploy.resources.limits.memory"],
  ["a key that is not there", resources, "deploy.resources.limits.cpus", "6 deploy.resources.limits.cpus"],
  ["nothing around it either", "user: a", "healthcheck.start_interval", "2 healthcheck.start_interval"],
  ["an item of a list", "user: a\nports: ['80:80']", "ports[0].target", "5 ports[0].target"],
  ["plain Compose's key", "user: a\nmem_limit: 9m", "deploy.resources.limits.memory", "5 mem_limit"],
  ["it beside another limit of deploy", `pids_limit: 9\n${resources}`, "deploy.resources.limits.pids", "4 pids_limit"],
  ["both", `mem_limit: 5m\n${resources}`, "deploy.resources.limits.memory", "8 deploy.resources.limits.memory"],
  ["another's plain key", "cpus: 1", "deploy.resources.limits.pids", "2 deploy.resources.limits.pids"],
])("the line of %s", async (_name, lines, key, expected) => {
  const one = service(lines);
  const { application } = await inFolder(one.files, (folder) => read(folder, one));
  const web = application?.services[0];
  if (web === undefined) throw new Error("the file was refused");
  const { key: written, position } = keyPositionOf(web, key);
  expect(`${formatPosition(position).replace("compose.yaml:", "")} ${written}`).toBe(expected);
});
