import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../process/run";
import { Debian } from "./tools/debian";
import { needSpace } from "../base/space";
import { runLogged, type Step } from "./tools/tools";

/**
 * Packages of the distribution. libvirt-daemon-system is not among them, so that no system libvirt starts on a machine without
 * one.
 */
const always = [
  ...["ca-certificates", "curl", "git", "jq", "iproute2", "bsdextrautils", "openssh-client", "openssh-server", "socat"],
  ...["xsltproc", "genisoimage", "libvirt-clients", "libvirt-daemon", "libvirt-daemon-driver-qemu", "qemu-system-x86"],
  ...["qemu-utils", "dnsmasq-base", "iptables", "mmdebstrap", "buildah", "skopeo", "gnupg", "debian-archive-keyring"],
  ...["cpio", "zstd", "xz-utils", "e2fsprogs", "busybox-static", "openssl", "apache2-utils", "shellcheck", "shfmt"],
];

/** libvirt's drivers are packages of their own from libvirt 11 on. */
const libvirtDrivers = ["network", "storage", "nodedev"].map((driver) => `libvirt-daemon-driver-${driver}`);

/** QEMU 7.2, Debian 12's own, corrupts guests under software emulation; the QEMU 10 of its backports does not. */
const minimumQemu = "1:10";

/** Installs missing packages; returns a note with their number. */
export async function setUpPackages(step: Step, debian = new Debian(step)): Promise<string> {
  const missing = await missingPackages(debian);
  if (missing.length > 0) {
    needSpace("/usr", 1500, "installing packages");
    step.progress.now(`installing ${String(missing.length)}: ${missing.join(" ")}`);
    await debian.install(missing, { backports: true });
  }
  return `${String(missing.length)} installed, node ${process.version}`;
}

async function missingPackages(debian: Debian): Promise<string[]> {
  const drivers = [...libvirtDrivers, "libvirt-daemon-log"];
  const installed = await debian.installed([...always, ...drivers]);
  const [first = ""] = libvirtDrivers;
  const split = installed.has(first) || debian.isBookworm || (await debian.has(first));
  const isOld = debian.isBookworm && !(await debian.isAtLeast(installed.get("qemu-system-x86"), minimumQemu));
  return [...always, ...(split ? drivers : [])].filter(
    (name) => !installed.has(name) || (isOld && name === "qemu-system-x86"),
  );
}

const skipped = "none: the tests that need one are skipped";

/**
 * Installs pasta, an isolated farm's way out. The note is its version.
 *
 * On a machine that cannot install it, `up` builds the farm all the same, and warns.
 */
export async function setUpPasta(step: Step, debian = new Debian(step)): Promise<string> {
  const version = async () => (await debian.installed(["passt"])).get("passt");
  const before = await version();
  if (before !== undefined) return before;
  step.progress.now("installing passt");
  await fails(step, debian.install(["passt"]));
  return (await version()) ?? "none: nodes of an isolated farm reach no other network";
}

/** Installs a browser for tests of pages. The note is its version. */
export async function setUpBrowser(step: Step, debian = new Debian(step)): Promise<string> {
  const version = async () => (await debian.installed(["chromium"])).get("chromium");
  if ((await version()) === undefined) {
    needSpace("/usr", 1000, "installing chromium");
    step.progress.now("installing chromium");
    // Ubuntu has it as a snap only.
    if (await fails(step, debian.install(["chromium"]))) return skipped;
  }
  return (await version())?.split("-")[0] ?? skipped;
}

/** Programs with which tests run configurations of services: their package, where it has them, and what they print of their version. */
const servers = {
  // nginx with its module for streams, which depends on it.
  nginx: { debian: "libnginx-mod-stream", path: "usr/sbin/nginx", version: /^nginx version: nginx\/(\S+)/ },
  haproxy: { debian: "haproxy", path: "usr/sbin/haproxy", version: /^HAProxy version ([^\s-]+)/ },
  keepalived: { debian: "keepalived", path: "usr/sbin/keepalived", version: /^Keepalived v(\S+)/ },
  // Its binary is named by the package of its tools, which it depends on.
  valkey: { debian: "valkey-server", path: "usr/bin/valkey-server", version: /^Valkey server v=(\S+)/ },
  restic: { debian: "restic", path: "usr/bin/restic", version: /^restic (\d\S+)/ },
} as const;

/** Arguments with which a program prints its version. Default: `-v`. */
const versionArguments: Readonly<Partial<Record<keyof typeof servers, string>>> = { restic: "version" };

/** One of these programs, of the tests. */
export function testServer(cache: string, name: keyof typeof servers): string {
  return join(cache, name, name);
}

/** Unpacks one of them for the tests, without installing it: Debian's package would start it. The note is its version. */
export async function setUpServer(step: Step, name: keyof typeof servers, debian = new Debian(step)): Promise<string> {
  const { cache } = step.context.folders;
  const program = testServer(cache, name);
  const version = async () => {
    const printed = await runLogged(step, ["sh", "-c", 'exec "$1" "$2" 2>&1', "sh", program, versionArguments[name] ?? "-v"]);
    return servers[name].version.exec(printed)?.[1] ?? printed.trim();
  };
  const folder = dirname(program);
  // The libraries that are unpacked with it are where no linker looks. Another text is of another package: it is unpacked again.
  const libraries = `LD_LIBRARY_PATH='${["usr/lib", "lib"].map((part) => `${folder}/${part}/x86_64-linux-gnu`).join(":")}'`;
  const { debian: packageName, path } = servers[name];
  const start = `#!/bin/sh\n# ${packageName}\n${libraries} exec '${folder}/${path}' "$@"\n`;
  if (!existsSync(program) || readFileSync(program, "utf8") !== start) {
    step.progress.now(`unpacking ${name}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const unpacked = async () => {
      await debian.unpack(packageName, folder);
      writeFileSync(program, start, { mode: 0o755 });
      return version();
    };
    if (await fails(step, unpacked())) {
      rmSync(folder, { recursive: true });
      return skipped;
    }
  }
  return version();
}

/** Whether a tool that can be missing is unavailable; the log says why. */
async function fails(step: Step, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    step.progress.log(error.result.stdout + error.result.stderr);
    return true;
  }
}
