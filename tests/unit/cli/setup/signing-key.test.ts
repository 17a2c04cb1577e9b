import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { signingKey, withSigningHome } from "../../../../cli/setup/images/signing-key";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
beforeEach(() => {
  machine = new FakeFarm();
});
afterEach(() => {
  machine.remove();
});

test("generates GnuPG's key once, without a passphrase, and the public key verifies its signatures", async () => {
  const { home, publicKey } = await signingKey(machine.step());
  const fingerprint = readFileSync(join(home, "fingerprint"), "utf8").trim();
  expect(fingerprint).toMatch(/^[0-9A-F]{40}$/);
  const gpg = (folder: string, ...args: string[]) =>
    execFileSync("gpg", ["--homedir", folder, "--batch", "--no-autostart", "--quiet", ...args], { stdio: "pipe" });
  const shown = gpg(home, "--show-keys", "--with-colons", publicKey).toString();
  expect(shown).toContain(`fpr:::::::::${fingerprint}:`);
  expect(shown).toContain("swarm-farm images");
  // It never expires: the seventh field of a public key.
  expect(/^pub:(?:[^:]*:){5}([^:]*):/m.exec(shown)?.[1]).toBe("");
  const again = await signingKey(machine.step());
  expect(readFileSync(join(again.home, "fingerprint"), "utf8").trim()).toBe(fingerprint);
});

/** Processes that have a text among their arguments. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

test("signs in a home of its own, of which neither a file nor an agent stays, with an error too", async () => {
  const key = await signingKey(machine.step());
  const homes: string[] = [];
  const sign = async (home: string) => {
    homes.push(home);
    execFileSync("gpg", ["--homedir", home, "--batch", "--detach-sign", "--armor"], { input: "text", stdio: "pipe" });
    expect(processesWith(home)).toHaveLength(1);
    return Promise.resolve();
  };
  await withSigningHome(machine.step(), key, sign);
  const fails = async (home: string) => {
    await sign(home);
    throw new Error("the build failed");
  };
  await expect(withSigningHome(machine.step(), key, fails)).rejects.toThrow("the build failed");
  expect(new Set(homes).size).toBe(2);
  for (const home of [...homes, key.home]) expect(processesWith(home)).toEqual([]);
  expect(homes.filter((home) => existsSync(home))).toEqual([]);
});

test("signs while the agent that generated the key removes its sockets and locks", async () => {
  const key = await signingKey(machine.step());
  for (const name of ["S.gpg-agent.extra", ".#lk0x1.host.7", "pubring.kbx.lock"]) symlinkSync("gone", join(key.home, name));
  const files: string[] = [];
  await withSigningHome(machine.step(), key, (home) => Promise.resolve(void files.push(...readdirSync(home))));
  expect(files).toEqual(expect.arrayContaining(["fingerprint", "image.pub", "private-keys-v1.d", "pubring.kbx"]));
  expect(files.filter((name) => /^S|lk|lock$/.test(name))).toEqual([]);
});

test("generates the key again if its public half is missing", async () => {
  machine.write(".config/swarm-farm/signing/fingerprint", "old\n");
  machine.program("gpg", 'case "$*" in *--list-keys*) echo fpr:::::::::NEW: ;; *--output*) for last; do :; done; : >"$last" ;; esac');
  machine.program("gpgconf");
  const { home } = await signingKey(machine.step());
  expect(readFileSync(join(home, "fingerprint"), "utf8")).toBe("NEW\n");
});

test("fails without GnuPG", async () => {
  machine.program("gpg", "exit 127");
  await expect(signingKey(machine.step())).rejects.toThrow("gpg ended with 127");
});
