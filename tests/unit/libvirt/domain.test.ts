import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { guestImage } from "../../../infra/images/guest";
import { bridgeName, cmdlines, domainXslt } from "../../../infra/libvirt/domain";
import { recipes } from "../../support/samples";

const consoleLog = "/var/log/libvirt/qemu/dev-worker1.console.log";

/** A domain as version 0.8.3 of the libvirt provider writes it, after our stylesheet, without the white space. */
function transformed(type: "kvm" | "qemu", bootsFromDisk = false): string {
  const sample = readFileSync(join(__dirname, "..", "..", "support", "domain.xml"), "utf8").replace("@TYPE@", type);
  const folder = mkdtempSync(join(tmpdir(), "domain-"));
  try {
    writeFileSync(join(folder, "farm.xslt"), domainXslt(consoleLog, bootsFromDisk));
    const { stdout, stderr } = spawnSync("xsltproc", ["--nonet", join(folder, "farm.xslt"), "-"], {
      input: sample,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return stdout.replaceAll(/>\s+</g, "><");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(["kvm", "qemu"] as const)("a domain of type %s", (type) => {
  const xml = transformed(type);

  test("has no screen and no guest agent", () => {
    expect(xml).not.toMatch(/<(graphics|video|channel)\b/);
  });

  test("writes its one serial console to a log file", () => {
    const log = `<log file="${consoleLog}" append="off"/>`;
    expect(xml).toContain(`<serial type="pty">${log}<target port="0"/></serial>`);
    expect(xml).toContain(`<console type="pty">${log}<target type="serial" port="0"/></console>`);
    expect(xml.match(/<console /g)).toHaveLength(1);
  });

  test("boots from no network card", () => {
    expect(xml).toContain('<model type="virtio"/><rom enabled="no"/></interface>');
  });

  test("keeps everything else", () => {
    expect(xml).toContain('<mac address="52:54:00:4d:00:15"/><source network="swarm-farm-dev"/>');
    expect(xml).toContain('<source pool="swarm-farm-dev" volume="worker1.qcow2"/>');
    expect(xml).toContain('<backend model="random">/dev/urandom</backend>');
    expect(xml).toContain("<cmdline>console=ttyS0 root=/dev/vda rw</cmdline>");
  });
});

test("the firmware writes to the console if it boots the disk", () => {
  expect(transformed("qemu", true)).toMatch(/<os>.*<bios useserial="yes"\/><\/os>/);
  expect(transformed("qemu")).not.toContain("<bios");
});

test("a domain has the host's CPU under KVM, and a named model where it is emulated", () => {
  expect(transformed("kvm")).toContain('<cpu mode="host-passthrough"/>');
  expect(transformed("qemu")).toMatch(
    /<cpu mode="custom"[^>]*><model fallback="forbid">\w+<\/model>(?:<feature policy="require" name="\w+"\/>)+<\/cpu>/,
  );
});

/**
 * The provider's treatment of `cmdline`: it joins the words, sorted, and reads them back into a list of maps where
 * a key that comes again begins another map, and words without a value end the list.
 */
function readBack(lines: Record<string, string>[]): Record<string, string>[] {
  const words = lines.flatMap((line) =>
    Object.entries(line).map(([key, value]) => (key === "_" ? value : `${key}=${value}`)),
  );
  const result: Record<string, string>[] = [];
  const flags: string[] = [];
  let current: Record<string, string> = {};
  for (const word of words.sort().join(" ").split(" ").filter(Boolean)) {
    const [key = "", ...value] = word.split("=");
    if (value.length === 0) {
      flags.push(word);
      continue;
    }
    if (key in current) {
      result.push(current);
      current = {};
    }
    current[key] = value.join("=");
  }
  if (Object.keys(current).length > 0) result.push(current);
  if (flags.length > 0) result.push({ _: flags.join(" ") });
  return result;
}

describe("cmdlines", () => {
  test("is one map of the words with a value, and the others sorted", () => {
    expect(cmdlines("rw console=ttyS0  root=UUID=1 quiet")).toEqual([
      { console: "ttyS0", root: "UUID=1" },
      { _: "quiet rw" },
    ]);
  });

  test.each(["", "  "])("is empty for '%s'", (text) => {
    expect(cmdlines(text)).toEqual([]);
  });

  test("keeps a key that comes twice", () => {
    expect(cmdlines("console=tty0 console=ttyS0 a=1")).toEqual([{ a: "1", console: "tty0" }, { console: "ttyS0" }]);
  });

  test("of the guest image are unchanged when read back from the provider", () => {
    const image = guestImage({ kind: "farm" }, "/cache", recipes);
    if (image.kind !== "farm") throw new Error("not the farm's image");
    for (const text of [image.cmdline, `${image.cmdline} ${image.cmdlineEmulated}`]) {
      expect(readBack(cmdlines(text))).toEqual(cmdlines(text));
    }
  });

  test("are unchanged when read back from the provider, with every word", () => {
    const key = fc.constantFrom("a", "b", "console", "net.ifnames");
    const word = fc.oneof(
      fc.constantFrom("rw", "quiet", "nomodeset"),
      fc.tuple(key, fc.constantFrom("", "0", "x=y")).map((pair) => pair.join("=")),
    );
    fc.assert(
      fc.property(fc.uniqueArray(word), (words) => {
        const lines = cmdlines(words.join(" "));
        expect(readBack(lines)).toEqual(lines);
        const back = lines.flatMap((line) =>
          Object.entries(line).flatMap(([k, v]) => (k === "_" ? v.split(" ") : [`${k}=${v}`])),
        );
        expect(back.sort()).toEqual([...words].sort());
      }),
    );
  });
});

describe("bridgeName", () => {
  test.each([
    ["dev", "sf-dev"],
    ["production-a", "sf-production-a"],
  ])("of %s is %s", (farm, name) => {
    expect(bridgeName(farm)).toBe(name);
  });

  test("fits Linux, and differs where the farms do", () => {
    const farm = fc.stringMatching(/^production-[a-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(farm, farm, (a, b) => {
        expect(bridgeName(a)).toMatch(/^sf-\S{1,12}$/);
        if (a !== b) expect(bridgeName(a)).not.toBe(bridgeName(b));
      }),
    );
  });
});
