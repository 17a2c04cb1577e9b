import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FarmImage } from "../../infra/images/guest-image";
import { output, run, type Argv } from "../../cli/process/run";
import { useOf } from "../process";
import { parseShares, receivedBytes, type Cost } from "./cost";

/** Addresses of the network between the node and this machine: those of bench/guest-boot/seed.sh. */
export const host = "10.0.2.2";
const address = "10.0.2.15";
const device = "tap0";

/** Seconds a boot may take. */
const bootSeconds = 600;

/** Makes the network of the node in the network namespace of this process; it is there as long as that. */
export async function connect(): Promise<void> {
  await output(["ip", "link", "set", "lo", "up"]);
  await output(["ip", "tuntap", "add", "dev", device, "mode", "tap"]);
  await output(["ip", "address", "add", `${host}/24`, "dev", device]);
  await output(["ip", "link", "set", device, "up"]);
}

/** A node of one emulated CPU and 1 GiB, in the network namespace of this process. */
export class Node {
  private connection: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly qemu: ChildProcess,
  ) {}

  /** Starts a VM of the guest image and waits until Docker answers; its disk, keys and console are in the folder. */
  static async start(image: FarmImage, folder: string): Promise<Node> {
    const seed = join(__dirname, "..", "guest-boot", "seed.sh");
    for (const key of ["user", "host"])
      await output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", join(folder, key)]);
    await output([seed, "lean", folder, join(folder, "seed.iso")]);
    const backing = ["-b", image.disk, "-F", "qcow2"];
    await output(["qemu-img", "create", "-q", "-f", "qcow2", ...backing, join(folder, "disk.qcow2"), "16G"]);
    const qemu = spawn("qemu-system-x86_64", qemuArguments(image, folder), { stdio: ["ignore", "ignore", "inherit"] });
    const node = new Node(folder, qemu);
    await node.answer();
    await node.shell("cat >/run/guest.sh", readFileSync(join(__dirname, "guest.sh"), "utf8"));
    return node;
  }

  /** Output of a command of the node's shell. */
  async shell(command: string, input = ""): Promise<string> {
    return output(this.ssh(command), { input });
  }

  /** Runs a command of guest.sh that is not measured. */
  async prepare(...args: readonly string[]): Promise<void> {
    await this.shell(`sh /run/guest.sh ${args.join(" ")}`);
  }

  /** Runs a step of guest.sh. @param input its standard input */
  async step(args: readonly string[], input = ""): Promise<Cost> {
    const before = this.reading();
    const shares = parseShares(await this.shell(`sh /run/guest.sh ${args.join(" ")}`, input));
    const after = this.reading();
    const qemu = after.cpu - before.cpu;
    return {
      seconds: (after.at - before.at) / 1000,
      bytes: after.bytes - before.bytes,
      qemu,
      docker: qemu * shares.docker,
      containerd: qemu * shares.containerd,
    };
  }

  async stop(): Promise<void> {
    this.connection?.kill();
    this.qemu.kill();
    if (this.qemu.exitCode === null && this.qemu.signalCode === null) await once(this.qemu, "exit");
  }

  private reading() {
    const sent = receivedBytes(readFileSync("/proc/net/dev", "utf8"), device);
    return { at: Date.now(), cpu: useOf(this.qemu.pid ?? 0).cpuSeconds, bytes: sent };
  }

  private async answer(): Promise<void> {
    const end = Date.now() + bootSeconds * 1000;
    const wait = "until systemctl is-active -q docker; do sleep 0.5; done";
    while ((await run(this.ssh(wait), { timeoutSeconds: bootSeconds })).status !== 0) {
      if (Date.now() > end || this.qemu.exitCode !== null)
        throw new Error(
          `the VM does not answer: ${readFileSync(join(this.folder, "console.log"), "utf8").slice(-2000)}`,
        );
      await sleep(1000);
    }
    // One connection for all commands: a login costs an emulated CPU a second.
    const [program, ...rest] = this.ssh("-M", "-N");
    this.connection = spawn(program, rest, { stdio: "ignore" });
    while (!existsSync(join(this.folder, "ssh"))) await sleep(100);
  }

  /** @param rest ssh's: a command, or options of a connection that others share */
  private ssh(...rest: readonly string[]): Argv {
    const file = (name: string) => join(this.folder, name);
    const settings = [
      "BatchMode=yes",
      "ConnectTimeout=3",
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      `ControlPath=${file("ssh")}`,
    ];
    return ["ssh", "-q", "-i", file("user"), ...settings.flatMap((each) => ["-o", each]), `root@${address}`, ...rest];
  }
}

/** QEMU as bench/guest-boot/run.sh starts it, with a card of this namespace. */
function qemuArguments(image: FarmImage, folder: string): string[] {
  const drive = (file: string, rest: string) => ["-drive", `file=${join(folder, file)},if=virtio,${rest}`];
  return [
    ...["-accel", "tcg", "-machine", "pc", "-cpu", "Nehalem", "-smp", "1", "-m", "1024", "-nodefaults"],
    ...["-display", "none", "-serial", `file:${join(folder, "console.log")}`],
    ...drive("disk.qcow2", "format=qcow2"),
    ...drive("seed.iso", "format=raw,readonly=on"),
    ...["-netdev", `tap,id=net,ifname=${device},script=no,downscript=no`],
    ...["-device", "virtio-net-pci,netdev=net,mac=52:54:00:00:00:0a,romfile="],
    ...["-device", "virtio-rng-pci", "-device", "virtio-balloon-pci"],
    ...["-kernel", image.kernel, "-initrd", image.initrd, "-append", `${image.cmdline} ${image.cmdlineEmulated}`],
  ];
}
