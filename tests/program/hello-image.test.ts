import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Namespaces, run } from "../support/namespaces";
import { repository } from "../support/program";

const namespace = "sf-test-hello";
const usable = Namespaces.areUsable("ip", "nsenter", "unshare", "chroot", "busybox", "curl");

/** Its files in a folder of their own, as the first process of a PID namespace: what Docker does, without Docker. */
(usable ? test : test.skip)(
  "hello serves until its nodes know that it goes, and ends long before it is killed",
  async () => {
    const root = mkdtempSync(join(tmpdir(), "sf-hello-"));
    const namespaces = new Namespaces();
    let unshare: ChildProcess | undefined;
    try {
      const image = join(repository, "stacks", "hello", "images", "hello");
      execFileSync("bash", ["context", root], { cwd: image });
      for (const folder of ["tmp", "dev"]) mkdirSync(join(root, folder));
      execFileSync("mknod", [join(root, "dev", "null"), "c", "1", "3"]);
      namespaces.add(namespace);
      const curl = () =>
        run(namespace, "curl", "-s", "--retry", "20", "--retry-connrefused", "http://127.0.0.1:8080/").stdout;

      const argv = ["unshare", "--pid", "--fork", "--kill-child", "chroot", root, "/bin/busybox", "sh", "/bin/serve"];
      unshare = spawn("nsenter", [`--net=/run/netns/${namespace}`, "--", ...argv], {
        env: { PATH: `${process.env.PATH ?? ""}:/bin`, WHERE: "worker1 hello.1" },
        stdio: "ignore",
      });
      const ended = once(unshare, "exit", { signal: AbortSignal.timeout(20_000) });
      expect(curl()).toContain('hello from <span id="node">worker1</span>');

      const first = execFileSync("pgrep", ["-P", String(unshare.pid)], { encoding: "utf8" }).trim();
      process.kill(Number(first), "SIGTERM");
      expect(curl()).toContain("worker1");
      expect(await ended).toEqual([0, null]);
    } finally {
      unshare?.kill("SIGKILL");
      namespaces.remove();
      rmSync(root, { recursive: true, force: true });
    }
  },
);
