import * as pulumi from "@pulumi/pulumi";
import type { GuestImage } from "../../infra/images/guest-image";
import { LibvirtHost } from "../../infra/libvirt/host";
import { Vm } from "../../infra/libvirt/vm";
import type { NodePlan } from "../../infra/net/plan";
import { find, listing, record, type RecordOptions, type Registered } from "../support/mocks";
import { farmImage, network, worker1 } from "../support/samples";

const cloudImage: GuestImage = {
  kind: "cloud",
  name: "abc",
  key: "abc",
  source: "/images/a.qcow2",
  sha256: "0".repeat(64),
};

/** The resources of one VM, on a host of its own. */
async function vm(image: GuestImage, options?: RecordOptions, node: NodePlan = worker1): Promise<Registered[]> {
  const resources = await record(() => {
    const hostConfig = { uri: "qemu:///system", virtualization: "auto", gateway: "10.77.0.1" } as const;
    const host = new LibvirtHost("local", {
      farm: "dev",
      host: hostConfig,
      network,
      images: new Map([[image.name, image]]),
      names: {},
      cache: "/cache",
    });
    const hostKey = { privateKey: pulumi.secret("host's private key"), publicKey: "host's public key" };
    new Vm("worker1", { farm: "dev", node, host, image, hostKey, authorizedKey: "login key" });
  }, options);
  return resources.filter(({ name }) => name.startsWith("worker1"));
}

describe("a virtual machine", () => {
  let resources: Registered[];

  beforeAll(async () => {
    resources = await vm(farmImage);
  });

  test("is a disk, a seed and a domain, replaced only after the old is gone", () => {
    expect(listing(resources)).toEqual([
      "worker1 > worker1-disk: libvirt:index/volume:Volume",
      "worker1 > worker1-domain: libvirt:index/domain:Domain",
      "worker1 > worker1-seed: libvirt:index/cloudinitDisk:CloudinitDisk",
      "worker1: swarm-farm:libvirt:Vm",
    ]);
    const parts = resources.filter(({ parent }) => parent === "worker1");
    for (const part of parts)
      expect(part).toMatchObject({ deleteBeforeReplace: true, provider: "local-libvirt", replacementTrigger: "local" });
  });

  test("has a layer over the image as its disk", () => {
    expect(find(resources, "worker1-disk").inputs).toEqual({
      name: "worker1.qcow2",
      pool: "swarm-farm-dev",
      baseVolumeId: "local-image-farm-disk-id",
      size: 10 * 1024 ** 3,
      format: "qcow2",
    });
  });

  test("has a seed with its private key, which is secret", () => {
    const { inputs } = find(resources, "worker1-seed");
    expect(inputs).toMatchObject({ name: "worker1-seed.iso", pool: "swarm-farm-dev" });
    expect(inputs.userData).toEqual({ secret: expect.stringContaining("host'\\''s private key") });
    expect(JSON.stringify({ ...inputs, userData: "" })).not.toContain("private key");
  });

  test("follows the plan, on the farm's network with its own MAC", () => {
    expect(find(resources, "worker1-domain").inputs).toMatchObject({
      name: "dev.worker1",
      type: "kvm",
      vcpu: 2,
      memory: 2048,
      autostart: true,
      // Without what follows the `;` of the seed's id.
      disks: [{ volumeId: "worker1-disk-id" }, { volumeId: "worker1-seed-id" }],
      networkInterfaces: [{ networkId: "local-network-id", mac: "52:54:00:4d:00:15", waitForLease: false }],
      consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
      xml: { xslt: expect.stringContaining("/var/log/libvirt/qemu/dev.worker1.console.log") },
    });
  });

  test("is started with the image's kernel", () => {
    expect(find(resources, "worker1-domain").inputs).toMatchObject({
      kernel: "local-image-farm-kernel-id",
      initrd: "local-image-farm-initrd-id",
      cmdlines: [{ console: "ttyS0" }, { _: "rw" }],
    });
  });
});

test("with btrfs it has a second disk of the same size, which the node finds after the seed", async () => {
  const resources = await vm(farmImage, {}, { ...worker1, storageDriver: "btrfs" });
  const { inputs, deleteBeforeReplace } = find(resources, "worker1-data");
  expect(inputs).toEqual({
    name: "worker1-data.qcow2",
    pool: "swarm-farm-dev",
    size: 10 * 1024 ** 3,
    format: "qcow2",
  });
  expect(deleteBeforeReplace).toBe(true);
  const disks = ["worker1-disk-id", "worker1-seed-id", "worker1-data-id"].map((volumeId) => ({ volumeId }));
  expect(find(resources, "worker1-domain").inputs).toMatchObject({ disks });
  expect(JSON.stringify(find(resources, "worker1-seed").inputs)).toContain("/etc/swarm-farm/data-disk");
});

test("without KVM the kernel gets other arguments", async () => {
  const resources = await vm(farmImage, { states: { "local-kvm-probe": { stdout: "qemu" } } });
  expect(find(resources, "worker1-domain").inputs).toMatchObject({
    type: "qemu",
    cmdlines: [{ console: "ttyS0", mitigations: "off" }, { _: "rw" }],
  });
});

test("a cloud image boots from its own disk, and cloud-init configures it", async () => {
  const resources = await vm(cloudImage);
  const domain = find(resources, "worker1-domain").inputs;
  expect(["kernel", "initrd", "cmdlines"].filter((key) => key in domain)).toEqual([]);
  expect(find(resources, "worker1-seed").inputs.userData).toEqual({
    secret: expect.stringMatching(/^#cloud-config\n/),
  });
});
