import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Debian } from "../../../../cli/setup/tools/debian";
import { setUpBrowser, setUpPackages, setUpPasta, setUpServer, testServer } from "../../../../cli/setup/packages";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

/** dpkg with these packages in their versions; of the others it knows nothing, and its status is 1. */
function installed(versions: Readonly<Record<string, string>>): void {
  const cases = Object.entries(versions).map(
    ([name, version]) => `${name}) printf 'ii \\t%s\\t%s\\n' '${name}' '${version}' ;;`,
  );
  machine.program(
    "dpkg-query",
    `shift 2; status=0
     for name; do case $name in
       ${cases.join("\n")}
       removed) printf 'rc \\tremoved\\t1\\n' ;;
       *) status=1 ;;
     esac; done
     exit $status`,
  );
}

/** Every package that is asked for, so that nothing is missing. */
function allInstalled(except: Readonly<Record<string, string>> = {}): void {
  const lines = Object.entries(except).map(([name, version]) => `${name}) version=${version} ;;`);
  machine.program(
    "dpkg-query",
    `shift 2
     for name; do version=9; case $name in ${lines.join(" ")} esac
       [ "$version" = none ] || printf 'ii \\t%s\\t%s\\n' "$name" "$version"
     done`,
  );
}

function debian(release = "VERSION_CODENAME=trixie\n"): Debian {
  machine.write("root/etc/os-release", release);
  machine.write("root/etc/apt/sources.list.d/debian.list");
  return new Debian(machine.step(), join(machine.home, "root"));
}

const bookworm = "ID=debian\nVERSION_CODENAME=bookworm\n";

describe("packages", () => {
  test("apt does not run if all packages are installed", async () => {
    allInstalled();
    machine.program("apt-get", "exit 9");
    machine.program("apt-cache", "exit 9");
    await expect(setUpPackages(machine.step(), debian())).resolves.toBe(`0 installed, node ${process.version}`);
    expect(machine.calls).toHaveLength(1);
  });

  test("missing packages are printed and installed", async () => {
    allInstalled({ socat: "none", jq: "none" });
    machine.program("apt-get", '[ "$DEBIAN_FRONTEND" = noninteractive ] || [ "$2" = update ]');
    await expect(setUpPackages(machine.step(), debian())).resolves.toMatch(/^2 installed, /);
    expect(machine.progress).toEqual(["installing 2: jq socat"]);
    expect(machine.calls.slice(1)).toEqual([
      "apt-get -q update",
      "apt-get -q install -y --no-install-recommends jq socat",
    ]);
  });

  test("libvirt's drivers are installed only where the distribution has them as packages", async () => {
    allInstalled({ "libvirt-daemon-driver-network": "none", "libvirt-daemon-log": "none" });
    machine.program("apt-get");
    machine.program("apt-cache", "exit 100");
    await expect(setUpPackages(machine.step(), debian())).resolves.toMatch(/^0 installed/);
    machine.program("apt-cache");
    await expect(setUpPackages(machine.step(), debian())).resolves.toMatch(/^2 installed/);
    expect(machine.progress).toEqual(["installing 2: libvirt-daemon-driver-network libvirt-daemon-log"]);
  });

  test("a failure of apt fails the step", async () => {
    allInstalled({ jq: "none" });
    machine.program("apt-get", "echo 'E: no network' >&2; exit 100");
    await expect(setUpPackages(machine.step(), debian())).rejects.toThrow("apt-get ended with 100: E: no network");
  });
});

describe("on Debian 12", () => {
  const indexes = (codenames: string) => {
    machine.program(
      "apt-get",
      `case "$*" in
        *CODENAME*) printf '${codenames}' ;;
        *REPO_URI*) printf 'http://mirror.example/debian/\\nhttp://other.example/\\n' ;;
      esac`,
    );
  };

  test("replaces QEMU 7 by that of backports, and adds the source of backports", async () => {
    allInstalled({ "qemu-system-x86": "1:7.2+dfsg-7" });
    indexes("bookworm\\nbookworm-updates\\n");
    await expect(setUpPackages(machine.step(), debian(bookworm))).resolves.toMatch(/^1 installed/);
    expect(machine.calls.at(-1)).toBe(
      "apt-get -q install -y --no-install-recommends -t bookworm-backports qemu-system-x86",
    );
    const list = join(machine.home, "root/etc/apt/sources.list.d/swarm-farm-backports.list");
    expect(readFileSync(list, "utf8")).toBe("deb http://mirror.example/debian/ bookworm-backports main\n");
    expect(machine.calls.filter((call) => call.endsWith("update"))).toHaveLength(2);
  });

  test("keeps QEMU 10, and an existing source of backports", async () => {
    allInstalled({ "qemu-system-x86": "1:10.0.2+ds-2~bpo12+1", cpio: "none" });
    indexes("bookworm\\nbookworm-backports\\n");
    await expect(setUpPackages(machine.step(), debian(bookworm))).resolves.toMatch(/^1 installed/);
    expect(existsSync(join(machine.home, "root/etc/apt/sources.list.d/swarm-farm-backports.list"))).toBe(false);
  });

  test("refuses a machine without a source of bookworm, and says what to do", async () => {
    allInstalled({ cpio: "none" });
    machine.program("apt-get");
    await expect(setUpPackages(machine.step(), debian(bookworm))).rejects.toThrow(
      "no apt source for bookworm is configured: add one to /etc/apt/sources.list.d",
    );
  });
});

test("a package that was removed but kept its configuration is not installed", async () => {
  installed({ cpio: "2.15" });
  const versions = await debian().installed(["cpio", "removed", "unknown"]);
  expect([...versions]).toEqual([["cpio", "2.15"]]);
});

test("versions are compared as in Debian", async () => {
  const versions = ["1:10.0.2+ds-2~bpo12+1", "1:10", "1:9.9", undefined];
  const compared = await Promise.all(versions.map((version) => debian().isAtLeast(version, "1:10")));
  expect(compared).toEqual([true, true, false, false]);
});

describe("packages of some tests alone", () => {
  test("an installed browser is reported with its version", async () => {
    installed({ chromium: "142.0.7444.59-1~deb13u1" });
    await expect(setUpBrowser(machine.step(), debian())).resolves.toBe("142.0.7444.59");
  });

  test("tests that need a browser are skipped without one, and the log has the reason", async () => {
    installed({});
    machine.program("apt-get", "echo 'E: Unable to locate package chromium' >&2; exit 100");
    await expect(setUpBrowser(machine.step(), debian())).resolves.toBe("none: the tests that need one are skipped");
    expect(machine.log).toContain("Unable to locate package chromium");
  });

  // Debian's packages, each with the files that dpkg unpacks.
  const archive = (version: string) => {
    machine.program(
      "apt-get",
      `case "$*" in *"install libnginx-mod-stream") echo 'Inst nginx (1.28.0 Debian)' ;;
       *"install haproxy") echo 'Inst liblua5.3-0 (5.3.6-2 Debian)'; echo 'Inst haproxy (2.6.12 Debian)' ;;
       *download*) touch "$3_1.deb" ;; esac`,
    );
    machine.program(
      "dpkg",
      `mkdir -p usr/sbin usr/bin && name=\${2%%_*} &&
       for folder in usr/sbin usr/bin; do
         printf '#!/bin/sh\\n%s\\n' "${version}" >$folder/$name && chmod +x $folder/$name
       done`,
    );
  };
  const unpacked = () => machine.calls.filter((call) => /^(dpkg -x|apt-get .*download)/.test(call));

  test("nginx is unpacked into the cache once, and not installed", async () => {
    archive("echo nginx version: nginx/1.28.0 >&2");
    await expect(setUpServer(machine.step(), "nginx", debian())).resolves.toBe("1.28.0");
    await expect(setUpServer(machine.step(), "nginx", debian())).resolves.toBe("1.28.0");
    expect(unpacked()).toEqual([
      "apt-get -q download libnginx-mod-stream",
      "dpkg -x libnginx-mod-stream_1.deb .",
      "apt-get -q download nginx",
      "dpkg -x nginx_1.deb .",
    ]);
  });

  test("nginx of another package, from an earlier version of this repository, is unpacked again", async () => {
    archive("echo nginx version: nginx/1.28.0 >&2");
    await setUpServer(machine.step(), "nginx", debian());
    const program = testServer(machine.step().context.folders.cache, "nginx");
    writeFileSync(program, readFileSync(program, "utf8").replace("libnginx-mod-stream", "nginx"));
    await expect(setUpServer(machine.step(), "nginx", debian())).resolves.toBe("1.28.0");
    expect(unpacked()).toHaveLength(8);
  });

  test("HAProxy is unpacked with the libraries that the machine lacks", async () => {
    archive("echo HAProxy version 2.6.12-1+deb12u4 2026/01/01; echo libraries: \\$LD_LIBRARY_PATH");
    await expect(setUpServer(machine.step(), "haproxy", debian())).resolves.toBe("2.6.12");
    expect(unpacked()).toEqual([
      "apt-get -q download haproxy",
      "dpkg -x haproxy_1.deb .",
      "apt-get -q download liblua5.3-0",
      "dpkg -x liblua5.3-0_1.deb .",
    ]);
    expect(machine.log).toContain("libraries: ");
    expect(machine.log).toContain("/haproxy/usr/lib/x86_64-linux-gnu");
  });

  test("keepalived is found by its version too, and its libraries in both folders that Debian 12 has for them", async () => {
    archive("echo Keepalived v2.2.7 >&2; echo libraries: \\$LD_LIBRARY_PATH >&2");
    await expect(setUpServer(machine.step(), "keepalived", debian())).resolves.toBe("2.2.7");
    expect(machine.log).toMatch(/libraries: \S+keepalived\/usr\/lib\/x86_64-linux-gnu:\S+keepalived\/lib\/x86_64-linux-gnu$/m);
  });

  test("valkey is of the package of its server", async () => {
    archive("echo Valkey server v=8.1.1 sha=00000000:0");
    await expect(setUpServer(machine.step(), "valkey", debian())).resolves.toBe("8.1.1");
    expect(unpacked()).toEqual(["apt-get -q download valkey-server", "dpkg -x valkey-server_1.deb ."]);
  });

  test("restic prints its version when it is asked by that word", async () => {
    archive("[ \\$1 = version ] && echo restic 0.14.0 compiled with go1.19.8");
    await expect(setUpServer(machine.step(), "restic", debian())).resolves.toBe("0.14.0");
  });

  test("a server that does not run on this machine is removed", async () => {
    archive("exit 127");
    await expect(setUpServer(machine.step(), "nginx", debian())).resolves.toMatch(/^none/);
    expect(existsSync(testServer(machine.context().folders.cache, "nginx"))).toBe(false);
  });
});

describe("pasta", () => {
  test("that is installed is reported with its version, without apt", async () => {
    allInstalled();
    await expect(setUpPasta(machine.step(), debian())).resolves.toBe("9");
    expect(machine.calls).toHaveLength(1);
  });

  test("that cannot be installed does not fail the step", async () => {
    allInstalled({ passt: "none" });
    machine.program("apt-get", '[ "$2" = update ] || { echo "E: no network" >&2; exit 100; }');
    await expect(setUpPasta(machine.step(), debian())).resolves.toBe("none: nodes of an isolated farm reach no other network");
    expect(machine.log).toContain("E: no network");
  });
});
