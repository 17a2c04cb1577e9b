import fc from "fast-check";
import {
  initScript,
  joinScript,
  labelScript,
  readyScript,
  reportScript,
  tokenScript,
  unlabelScript,
} from "../../../infra/swarm/scripts";
import { shellSyntax } from "../../support/arbitraries";
import { outsideQuotes, syntaxError } from "../../support/sh";

const scripts: [name: string, script: string][] = [
  ["report", reportScript("worker1")],
  ["init", initScript("10.77.0.11", 15)],
  ["manager token", tokenScript("manager")],
  ["worker token", tokenScript("worker")],
  ["join", joinScript("10.77.0.21", "10.77.0.11")],
  ["ready", readyScript("worker1")],
  ["label", labelScript("worker1", "db", "it's a $(reboot)")],
  ["unlabel", unlabelScript("worker1", "com.example/disk")],
];

test.each(scripts)("the %s script is well-formed and ends at its first failure", (_, text) => {
  expect(syntaxError(text)).toBe("");
  expect(text.startsWith("set -eu\n")).toBe(true);
});

test("a swarm is made once, with the node's own address, and says nothing of its tokens", () => {
  expect(initScript("10.77.0.11", 15)).toContain(
    '[ "$state" = active ] || docker swarm init --advertise-addr 10.77.0.11 >/dev/null',
  );
});

test("a join sends a body that Docker's API reads, once its token is in", () => {
  const format = /printf '(\{.*\})' "\$token"/.exec(joinScript("10.77.0.21", "10.77.0.11"))?.[1] ?? "";
  expect(JSON.parse(format.replace("%s", "SWMTKN-1"))).toEqual({
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: "10.77.0.21",
    RemoteAddrs: ["10.77.0.11:2377"],
    JoinToken: "SWMTKN-1",
  });
});

test("a join does nothing on a node that is in the swarm, and tells the node's id last", () => {
  const lines = joinScript("10.77.0.21", "10.77.0.11").split("\n");
  const called = lines.findIndex((line) => line.includes("$(join)"));
  expect(lines[called - 1]).toBe('if [ "$(state)" = inactive ]; then');
  expect(lines.filter((line) => /\bjoin\b/.test(line) && !/join\(\)|swarm\/join/.test(line))).toEqual([lines[called]]);
  expect(lines.at(-1)).toBe("docker info -f '{{.Swarm.NodeID}}'");
});

describe("labels", () => {
  test("are set and read back", () => {
    expect(labelScript("worker1", "db", "main one")).toBe(
      [
        "set -eu",
        "docker node update --label-add 'db=main one' worker1 >/dev/null",
        `[ "$(docker node inspect worker1 -f '{{index .Spec.Labels "db"}}')" = 'main one' ]`,
      ].join("\n"),
    );
  });

  test("show the shell nothing of their values", () => {
    const bare = outsideQuotes(labelScript("worker1", "db", " "));
    fc.assert(
      fc.property(shellSyntax, (value) => {
        expect(outsideQuotes(labelScript("worker1", "db", ` ${value}`))).toBe(bare);
      }),
    );
  });

  test("are taken away without complaint when they or the node are gone", () => {
    expect(unlabelScript("worker1", "db").split("\n").slice(1)).toEqual([
      "docker node inspect worker1 >/dev/null 2>&1 || exit 0",
      "docker node update --label-rm db worker1 >/dev/null 2>&1 || true",
    ]);
  });
});
