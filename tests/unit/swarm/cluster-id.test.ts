import { scripts } from "../../../infra/swarm/scripts";
import { runWith } from "../../support/fake-programs";

const ask = (docker: string) => runWith(scripts("cluster-id.sh", { HOST: "ssh://root@m1" }), { docker });

test("a manager prints its swarm's id, and nothing else", () => {
  expect(ask("echo true abc123")).toMatchObject({ status: 0, stdout: "abc123", stderr: "" });
});

test.each([
  ["a worker", "echo 'false '"],
  ["a Docker without a swarm", "echo 'false '"],
])("%s is refused, with what to do", (_, docker) => {
  expect(ask(docker)).toMatchObject({
    status: 1,
    stdout: "",
    stderr:
      "docker host 'ssh://root@m1' is not a manager of a swarm: give a manager's address, or run 'docker swarm init' on it\n",
  });
});

test("a Docker that does not answer fails with its own message", () => {
  const { status, stderr } = ask("echo 'Cannot connect to the Docker daemon' >&2; exit 1");
  expect([status, stderr]).toEqual([1, "Cannot connect to the Docker daemon\n"]);
});
