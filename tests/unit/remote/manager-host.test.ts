import { managerHost, managerProxy } from "../../../infra/remote/manager-host";
import { runWith } from "../../support/fake-programs";
import { syntaxError } from "../../support/sh";

const managers = ["manager1=10.77.0.11", "manager2=10.77.0.12", "manager3=10.77.0.13"];
const all = ["10.77.0.11", "10.77.0.12", "10.77.0.13"];

/** Address that the proxy connects to when only the managers at these addresses are in the swarm. */
function connect(name: string, alive: readonly string[]) {
  const listening = alive.map((address) => `*"TCP:${address}:2377,"*`).join(" | ");
  const { status, stderr, calls } = runWith(
    managerProxy("managers"),
    {
      socat: `case $* in STDIO*) exit 0 ;; ${listening || "none"}) exit 0 ;; esac; exit 1`,
      // Nobody waits for its deadline here.
      date: "now=$(( $(cat now 2>/dev/null || echo 0) + 60 )); echo $now | tee now",
    },
    { args: [name], files: { managers } },
  );
  return { status, stderr, spoken: calls.filter((call) => call.startsWith("socat STDIO")) };
}

const ssh = (address: string) => [`socat STDIO TCP:${address}:22,connect-timeout=5`];

test("the script is well-formed", () => {
  expect(syntaxError(managerProxy("managers"))).toBe("");
});

test("connects to the first manager that answers, or else to the next", () => {
  expect(connect(managerHost(), all).spoken).toEqual(ssh("10.77.0.11"));
  expect(connect(managerHost(), ["10.77.0.13"]).spoken).toEqual(ssh("10.77.0.13"));
});

test("does not run on the excluded node", () => {
  expect(connect(managerHost({ except: "manager1" }), all).spoken).toEqual(ssh("10.77.0.12"));
  expect(connect(managerHost({ except: "worker1" }), all).spoken).toEqual(ssh("10.77.0.11"));
});

test("reports all managers with their addresses if none answers in time", () => {
  expect(connect(managerHost(), [])).toEqual({
    status: 1,
    stderr:
      "waited 120 s for a manager of the swarm to answer on port 2377: manager1=10.77.0.11 manager2=10.77.0.12 manager3=10.77.0.13 \n",
    spoken: [],
  });
});
