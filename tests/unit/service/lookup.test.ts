import { scripts } from "../../../infra/service/scripts";
import { runWith } from "../../support/fake-programs";

/** Looks a name up where Docker lists these lines `NAME ID`; it filters by the beginning of names. */
function find(kind: string, name: string, listed: readonly string[]) {
  const docker = `for word; do case $word in name=*) prefix=\${word#name=} ;; esac; done; grep "^$prefix" "$here/listed" || true`;
  return runWith(scripts("lookup.sh", { KIND: kind, NAME: name }), { docker }, { files: { listed } });
}

test.each(["network", "config", "secret"])("a %s is found by its whole name", (kind) => {
  const { stdout, status } = find(kind, "web", ["web-internal 1aaa", "web 2bbb", "webs 3ccc"]);
  expect([stdout, status]).toEqual(["2bbb", 0]);
});

test("a network of one node is none of the swarm's", () => {
  const { calls } = find("network", "web", ["web 2bbb"]);
  expect(calls).toEqual([
    "docker network ls --no-trunc --filter scope=swarm --filter name=web --format {{.Name}} {{.ID}}",
  ]);
  expect(find("secret", "web", ["web 2bbb"]).calls).toEqual([
    "docker secret ls --filter name=web --format {{.Name}} {{.ID}}",
  ]);
});

test.each(["host", "bridge", "none"])("Docker's own network '%s' has the id of the swarm, not of the node", (name) => {
  const answer = `{"Name":"${name}","Id":"surotdnk4q1ixvta80cyluwi0","Scope":"swarm"}`;
  const { stdout, calls } = runWith(scripts("lookup.sh", { KIND: "network", NAME: name }), {
    curl: `printf '%s' '${answer}'`,
  });
  expect(stdout).toBe("surotdnk4q1ixvta80cyluwi0");
  expect(calls).toEqual([expect.stringMatching(new RegExp(`^curl .*http://docker/networks/${name}\\?scope=swarm$`))]);
});

test.each([[[]], [["web-internal 1aaa"]]])("a missing object is an error with its name: %j", (listed) => {
  expect(find("config", "web", listed)).toMatchObject({
    status: 1,
    stdout: "",
    stderr:
      "config 'web' is not in the swarm: create it first, or correct the name ('docker config ls' on a manager lists them)\n",
  });
});

test("a name is no pattern", () => {
  expect(find("secret", "a.b", ["axb 1aaa"]).status).toBe(1);
});
