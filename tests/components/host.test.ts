import type { GuestImage } from "../../infra/images/guest-image";
import { LibvirtHost } from "../../infra/libvirt/host";
import type { HostPlan } from "../../infra/net/plan";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { farmImage, network, worker1 } from "../support/samples";

/** A cloud image is named by the beginning of its checksum. */
const cloudNames = { name: "0123456789abcdef", key: "0123456789abcdef" };
const sha256 = "0123456789abcdef".repeat(4);
const auto: HostPlan = { uri: "qemu:///system", virtualization: "auto", gateway: "10.77.0.1" };
let made: LibvirtHost;

function host(config: HostPlan, image: GuestImage): Promise<Registered[]> {
  return record(() => {
    made = new LibvirtHost("local", {
      farm: "dev",
      host: config,
      network,
      images: new Map([[image.name, image]]),
      names: { worker1: worker1.address },
      cache: "/cache",
    });
  });
}

/** Everything of a host but its image and the probe. */
const always = [
  "local > local-libvirt: pulumi:providers:libvirt",
  "local > local-network: libvirt:index/network:Network",
  "local > local-pool: libvirt:index/pool:Pool",
  "local: swarm-farm:libvirt:LibvirtHost",
];
const imageOf = (name: string) => [
  `local > local-image-${name}: swarm-farm:libvirt:ImageVolumes`,
  `local-image-${name} > local-image-${name}-disk: libvirt:index/volume:Volume`,
];

describe("a host with the farm's image", () => {
  let resources: Registered[];

  beforeAll(async () => {
    resources = await host(auto, farmImage);
  });

  test("has a provider, a pool, a network, the image's three files and the probe", () => {
    const boot = ["initrd", "kernel"].map(
      (noun) => `local-image-farm > local-image-farm-${noun}: libvirt:index/volume:Volume`,
    );
    const probe = "local > local-kvm-probe: command:local:Command";
    expect(listing(resources)).toEqual([...always, ...imageOf("farm"), ...boot, probe].sort());
  });

  test("uses no other libvirt", () => {
    for (const { type, provider } of resources.filter((resource) => resource.type.startsWith("libvirt:"))) {
      expect([type, provider]).toEqual([type, "local-libvirt"]);
    }
    expect(find(resources, "local-libvirt").inputs).toEqual({ uri: "qemu:///system" });
  });

  test("prefixes names on the hypervisor with the farm's name", () => {
    expect(find(resources, "local-pool").inputs).toEqual({
      name: "swarm-farm-dev",
      type: "dir",
      target: { path: "/var/lib/libvirt/swarm-farm-dev" },
    });
    expect(find(resources, "local-network").inputs).toEqual({
      name: "swarm-farm-dev",
      mode: "nat",
      bridge: "sf-dev",
      addresses: ["10.77.0.0/24"],
      dhcp: { enabled: false },
      dns: { enabled: true, hosts: [{ hostname: "worker1", ip: "10.77.0.21" }] },
      autostart: true,
    });
    expect(find(resources, "local-network").deleteBeforeReplace).toBe(true);
  });

  test("uploads the image under a name of its content, and keeps the upload when the recipe changes", () => {
    const volume = find(resources, "local-image-farm-disk");
    expect(volume.inputs).toEqual({
      name: "guest-0123456789abcdef.qcow2",
      pool: "swarm-farm-dev",
      source: "/cache/guest/disk.qcow2",
      format: "qcow2",
    });
    for (const noun of ["disk", "kernel", "initrd"])
      expect(find(resources, `local-image-farm-${noun}`).ignoreChanges).toEqual(["name", "source"]);
  });

  test("keeps the image of a farm of commit 2652d32, whose resources had the recipe's hash in their names", () => {
    // The engine derives the aliases of the volumes: their names begin with their parent's.
    expect(find(resources, "local-image-farm").aliases).toEqual(["local-image-8e826c36180201e0"]);
  });

  test("names no resource by the recipe, so that another recipe replaces none", async () => {
    const other = { ...farmImage, key: "fedcba9876543210", disk: "/cache/guest/other.qcow2" };
    expect(listing(await host(auto, other))).toEqual(listing(resources));
  });

  test("probes KVM once with the farm's kernel", async () => {
    const probe = find(resources, "local-kvm-probe");
    expect(probe.inputs.environment).toEqual({
      URI: "qemu:///system",
      NAME: "dev-kvm-probe",
      OTHERWISE: "printf qemu; exit 0",
      KERNEL: "local-image-farm-kernel-id",
      INITRD: "local-image-farm-initrd-id",
    });
    expect(await valueOf(made.domainType)).toBe("kvm");
  });
});

describe("virtualization", () => {
  test("qemu: is not probed", async () => {
    const resources = await host({ ...auto, virtualization: "qemu" }, farmImage);
    expect(listing(resources).filter((line) => line.includes("probe"))).toEqual([]);
    expect(await valueOf(made.domainType)).toBe("qemu");
  });

  test("kvm: is probed, and fails if KVM does not work", async () => {
    const resources = await host({ ...auto, virtualization: "kvm" }, farmImage);
    const { inputs } = find(resources, "local-kvm-probe");
    const message = "qemu:///system runs no guest under KVM: set virtualization to qemu or auto, or enable KVM there";
    expect(inputs.environment).toMatchObject({ OTHERWISE: `echo '${message}' >&2; exit 1` });
  });

  test("changed: is probed again, with the new value", async () => {
    const probe = find(await host(auto, farmImage), "local-kvm-probe");
    expect(probe.inputs.triggers).toEqual(["auto"]);
    // Ignored inputs stay as they were even when a trigger replaces the command.
    expect(probe.ignoreChanges).toEqual(["create", "environment.KERNEL", "environment.INITRD"]);
  });
});

test("a host beside others has a gateway of its own, and a link to them when its network is there", async () => {
  const config = { ...auto, gateway: "10.77.0.2", tunnel: { address: "192.168.1.11", peers: ["192.168.1.10"] } };
  const resources = await host(config, farmImage);
  expect(find(resources, "local-network").inputs.xml).toEqual({ xslt: expect.stringContaining(">10.77.0.2<") });
  expect(made.plan.gateway).toBe("10.77.0.2");
  const { inputs, dependsOn } = find(resources, "local-link");
  expect(dependsOn).toContain("local-network");
  expect(inputs).toMatchObject({ create: "sh -s -- install", delete: "sh -s -- remove" });
  expect(inputs.stdin).toContain("ADDRESS=192.168.1.11\nPEERS=192.168.1.10\n");
});

test("a host of nodes with several images has each once, and tries a guest with the first that has a kernel", async () => {
  const cloud: GuestImage = { kind: "cloud", name: "abc", key: "abc", source: "/images/a.qcow2", sha256 };
  const newer = { ...farmImage, name: "farm-newer", key: "newer" };
  const resources = await record(() => {
    const images = new Map<string, GuestImage>([cloud, farmImage, newer].map((image) => [image.name, image]));
    new LibvirtHost("local", {
      farm: "dev",
      host: auto,
      network,
      images,
      names: { worker1: worker1.address },
      cache: "/cache",
    });
  });
  const disks = resources.filter(({ name }) => name.endsWith("-disk")).map(({ inputs }) => inputs.name);
  expect(disks.sort()).toEqual(["guest-0123456789abcdef.qcow2", "guest-abc.qcow2", "guest-newer.qcow2"]);
  expect(find(resources, "local-kvm-probe").inputs.environment).toMatchObject({
    KERNEL: "local-image-farm-kernel-id",
  });
});

describe("a host with a cloud image", () => {
  test("downloads it, and uploads it only if its checksum is right", async () => {
    const source = "https://example.org/it's.qcow2";
    const resources = await host(auto, { kind: "cloud", ...cloudNames, source, sha256 });
    const verified = "local-image-0123456789abcdef > local-image-0123456789abcdef-verified: command:local:Command";
    expect(listing(resources)).toEqual(
      [...always, ...imageOf("0123456789abcdef"), verified, "local > local-kvm-probe: command:local:Command"].sort(),
    );
    const { inputs } = find(resources, "local-image-0123456789abcdef-verified");
    expect(inputs.create).toContain(
      `SOURCE='https://example.org/it'\\''s.qcow2'\nSHA256=${sha256}\nFOLDER=/cache/cloud\n`,
    );
    expect(inputs.triggers).toEqual([sha256]);
    expect(find(resources, "local-image-0123456789abcdef-disk").inputs.source).toBe(
      "stdout of local-image-0123456789abcdef-verified",
    );
  });

  test("leaves a local file where it is", async () => {
    const resources = await host(auto, { kind: "cloud", ...cloudNames, source: "/images/a.qcow2", sha256 });
    const { inputs } = find(resources, "local-image-0123456789abcdef-verified");
    expect(inputs.create).not.toContain("curl");
    expect(inputs.create).toMatch(/^SOURCE=\/images\/a.qcow2\n/);
  });

  test("has no kernel to try a guest with: the guest has only to stay alive", async () => {
    const resources = await host(auto, { kind: "cloud", ...cloudNames, source: "/images/a.qcow2", sha256 });
    const { environment } = find(resources, "local-kvm-probe").inputs;
    expect(environment).toMatchObject({ URI: "qemu:///system", NAME: "dev-kvm-probe" });
    expect(environment).not.toHaveProperty("KERNEL");
  });
});
