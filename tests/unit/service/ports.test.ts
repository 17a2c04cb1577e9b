import { scripts } from "../../../infra/service/scripts";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";

const made = "swarm-farm/dev";
const nothing = { status: 0, stderr: "", taken: [] };

/** Claims ports where Docker has these published ones: `SERVICE PORT TARGET MODE MADE-BY` each. */
function claim(requested: readonly string[], held: readonly string[]) {
  const docker = `case "$1 $2" in
  "service ls") awk '{ print "id-" NR }' "$here/held" ;;
  "service inspect") cat "$here/held" ;;
esac`;
  const { status, stderr, calls } = runWith(
    scripts("claim-ports.sh", { MADE_BY: made }),
    { docker },
    { files: { held }, input: requested.map((line) => `${line}\n`).join("") },
  );
  const updates = calls.filter((call) => call.startsWith("docker service update "));
  return { status, stderr, taken: updates.map((call) => call.replace(/^.*--publish-rm /, "")) };
}

test("the script is well-formed", () => {
  expect(syntaxError(scripts("claim-ports.sh", { MADE_BY: made }))).toBe("");
});

test.each<[string, string[], string[]]>([
  ["there is no service", ["hello 8080"], []],
  [
    "each has its own",
    ["hello 8080", "lamp-nginx 8081"],
    [`hello 8080 8080 ingress ${made}`, `lamp-nginx 8081 8080 ingress ${made}`],
  ],
  ["a port is free", ["hello 8090"], [`hello 8080 8080 ingress ${made}`]],
  ["another service publishes other ports", ["hello 8080"], ["other 9999 80 ingress "]],
])("if %s, no port is removed", (_, requested, held) => {
  expect(claim(requested, held)).toEqual(nothing);
});

test("removes both ports of two services that swap them", () => {
  const held = [`hello 8080 8080 ingress ${made}`, `lamp-nginx 8081 80 ingress ${made}`];
  expect(claim(["hello 8081", "lamp-nginx 8080"], held)).toEqual({
    ...nothing,
    taken: ["target=80,mode=ingress,protocol=tcp lamp-nginx", "target=8080,mode=ingress,protocol=tcp hello"]
      .sort()
      .reverse(),
  });
});

test("removes the port of a deleted service, or of one from an older farm, in its own mode", () => {
  expect(claim(["hello 443"], ["loadbalancer 443 8443 host pulumi"]).taken).toEqual([
    "target=8443,mode=host,protocol=tcp loadbalancer",
  ]);
});

test.each([
  ["a person", ""],
  ["another program", "own-program/dev"],
  ["another stack of this program", "swarm-farm/devel"],
])("keeps the port of a service that %s created, and then removes no other port", (_, by) => {
  const held = [`lamp-nginx 8081 8080 ingress ${made}`, `shop 8080 80 ingress ${by}`];
  expect(claim(["hello 8081", "lamp-nginx 8080"], held)).toEqual({
    status: 1,
    stderr:
      "port 8080: 'lamp-nginx' cannot publish it, the service 'shop' does, which this farm did not make: " +
      "choose another port, or remove it with 'docker service rm shop'\n",
    taken: [],
  });
});
