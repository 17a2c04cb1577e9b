import { z } from "zod";
import type { TestFarm } from "../../live/farm";

const url = "https://10.78.0.11/visualizer/";

const Picture = z.object({ nodes: z.array(z.object({ name: z.string() })) });

/** The page that shows who runs where: behind a login, and reading through a gate that no writing call passes. */
export function visualizerTests(farm: TestFarm): void {
  const curl = async (...args: string[]) =>
    (await farm.ok(["run", "--", "curl", "-sS", "--max-time", "60", "--cacert", farm.authority, ...args])).stdout;

  test("nobody sees it without the password", async () => {
    expect(await curl("-o", "/dev/null", "-w", "%{http_code}", url)).toBe("401");
    expect(await curl("-o", "/dev/null", "-w", "%{http_code}", "-u", "admin:wrong", url)).toBe("401");
  });

  test("with it, every node is there", async () => {
    const login = `admin:${(await farm.ok(["secret", "admin"])).stdout.trim()}`;
    expect(await curl("-u", login, url)).toContain("<title>");
    const picture = Picture.parse(JSON.parse(await curl("-u", login, `${url}state`)));
    expect(picture.nodes.map(({ name }) => name).sort()).toEqual(["manager1", "worker1", "worker2", "worker3"]);
  });

  test("its gate lets no writing call through, and its page has no socket", async () => {
    const node = (
      await farm.ok([
        "docker",
        "service",
        "ps",
        "visualizer",
        "--filter",
        "desired-state=running",
        "--format",
        "{{.Node}}",
      ])
    ).stdout.trim();
    const page = "docker exec $(docker ps -q --filter label=com.docker.swarm.service.name=visualizer)";
    const ask = (method: string, path: string) =>
      `${page} node -e 'fetch("http://visualizer-gate:2375${path}", { method: "${method}" }).then((answer) => console.log(answer.status))'`;
    const status = async (method: string, path: string) =>
      (await farm.ok(["ssh", node, ask(method, path)])).stdout.trim();
    expect(await status("GET", "/v1.41/nodes")).toBe("200");
    expect(await status("POST", "/v1.41/containers/create")).toBe("405");
    expect(await status("DELETE", "/v1.41/services/hello")).toBe("405");
    expect(await status("GET", "/v1.41/secrets")).toBe("403");
    expect((await farm.farm(["ssh", node, `${page} ls /var/run/docker.sock`])).status).not.toBe(0);
  });
}
