import { join } from "node:path";
import { z } from "zod";
import { containerOf, origin, repository, run, type TestFarm } from "../farm";
import { nodeNames } from "./swarm";

const url = `${origin}/visualizer/`;

const ClusterState = z.object({ nodes: z.array(z.object({ name: z.string() })) });

/** The page that shows who runs where: behind a login, and reading through a docker socket proxy that no writing call passes. */
export function visualizerTests(farm: TestFarm, shown: () => string): void {
  test("nobody sees it without the password", async () => {
    expect(await farm.curl(["-o", "/dev/null", "-w", "%{http_code}", url])).toBe("401");
    expect(await farm.curl(["-o", "/dev/null", "-w", "%{http_code}", "-u", "admin:wrong", url])).toBe("401");
  });

  test("with it, every node is there", async () => {
    const login = `admin:${(await farm.ok(["secret", "admin"])).stdout.trim()}`;
    expect(await farm.curl(["-u", login, url])).toContain("<title>");
    const state = ClusterState.parse(JSON.parse(await farm.curl(["-u", login, `${url}state`])));
    expect(state.nodes.map(({ name }) => name).sort()).toEqual(nodeNames);
  });

  test("its docker socket proxy lets no writing call through, and its page has no socket", async () => {
    const [node = ""] = await farm.runningTasks("visualizer", "{{.Node}}");
    const page = `docker exec ${containerOf("visualizer")}`;
    const expected = [
      ["GET", "/v1.41/nodes", 200],
      ["POST", "/v1.41/containers/create", 405],
      ["DELETE", "/v1.41/services/hello", 405],
      ["GET", "/v1.41/secrets", 403],
      ["GET", "/health", 403],
    ] as const;
    // One Node.js for all: it takes an emulated node ten seconds to start.
    const program = `for (const [method, path] of ${JSON.stringify(expected)})
      console.log((await fetch("http://visualizer-gate:2375" + path, { method })).status)`;
    const { stdout } = await farm.ok(["ssh", node, `${page} node --input-type=module -e '${program}'`]);
    expect(stdout.trim().split("\n").map(Number)).toEqual(expected.map(([, , status]) => status));
    expect((await farm.farm(["ssh", node, `${page} ls /var/run/docker.sock`])).status).not.toBe(0);
  });

  test("in a browser it shows a task that is killed and a node that is drained", async () => {
    const page = /https:\/\/127\.0\.0\.1:\d+\/visualizer\//.exec(shown())?.[0] ?? "";
    const login = {
      VISUALIZER_URL: page,
      VISUALIZER_USER: "admin",
      VISUALIZER_PASSWORD: (await farm.ok(["secret", "admin"])).stdout.trim(),
      VISUALIZER_DOCKER: `${repository}/farm docker`,
      VISUALIZER_SHELL: `${repository}/farm ssh`,
    };
    const folder = join(repository, "apps", "visualizer");
    const { output } = await run(
      "npm",
      ["run", "--silent", "--prefix", folder, "real"],
      { ...farm.env, ...login },
      true,
    );
    expect(output.trimEnd().split("\n").at(-1)).toBe("2 passed, 0 failed");
  });
}
