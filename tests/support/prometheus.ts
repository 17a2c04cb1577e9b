import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = process.env.FARM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm");

/**
 * A program of one of Debian's packages, which is downloaded and unpacked for the tests on first use and stays in the cache; it
 * needs nothing but libc. Undefined where there is no apt or no network: tests with it are skipped.
 */
function unpacked(name: string, program: string): string | undefined {
  const folder = join(cache, name);
  const path = join(folder, "usr", "bin", program);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const own = mkdtempSync(join(cache, `${name}-`));
  try {
    execFileSync("apt-get", ["-q", "download", name], { cwd: own, stdio: "pipe", timeout: 120_000 });
    const [file = ""] = readdirSync(own);
    execFileSync("dpkg-deb", ["-x", file, "."], { cwd: own, stdio: "pipe" });
    // Another test may have been first.
    if (!existsSync(folder)) renameSync(own, folder);
    return path;
  } catch {
    return undefined;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

export const prometheusProgram = unpacked("prometheus", "prometheus");
export const promtool = unpacked("prometheus", "promtool");

/** Debian's reads its templates in /usr/share, so that only root can run it unpacked, in a mount namespace. */
export const alertmanagerProgram =
  process.getuid?.() === 0 ? unpacked("prometheus-alertmanager", "prometheus-alertmanager") : undefined;
export const nodeExporterProgram = unpacked("prometheus-node-exporter", "prometheus-node-exporter");
export const mysqldExporterProgram = unpacked("prometheus-mysqld-exporter", "prometheus-mysqld-exporter");
export const blackboxProgram = unpacked("prometheus-blackbox-exporter", "prometheus-blackbox-exporter");

/** Templates of Alertmanager. */
export const alertmanagerFiles = join(cache, "prometheus-alertmanager", "usr", "share", "prometheus");
