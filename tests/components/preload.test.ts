import * as pulumi from "@pulumi/pulumi";
import * as command from "@pulumi/command";
import { PreloadedImage } from "../../infra/images/preload";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { farmOf } from "../support/samples";

describe("an image on every node", () => {
  const image = {
    name: "hello",
    key: "abc",
    layout: "/cache/images/hello-abc",
    reference: "localhost/swarm-farm/hello:abc",
    archive: __filename,
  };
  let preloaded: PreloadedImage;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      const ready = new Map(
        ["manager1", "worker1"].map((node) => [node, new command.local.Command(`${node}-ready`, { create: "true" })]),
      );
      preloaded = new PreloadedImage("hello-image", {
        image,
        nodes: farmOf(withNames("manager1", "worker1")).nodes,
        ready,
      });
    });
  });

  test("is copied to each and loaded there", () => {
    expect(listing(resources.filter(({ name }) => name.startsWith("hello-image")))).toEqual([
      "hello-image > hello-image-manager1-copy: command:remote:CopyToRemote",
      "hello-image > hello-image-manager1-load: command:remote:Command",
      "hello-image > hello-image-worker1-copy: command:remote:CopyToRemote",
      "hello-image > hello-image-worker1-load: command:remote:Command",
      "hello-image: swarm-farm:images:PreloadedImage",
    ]);
  });

  test("is copied again for another content and to another VM, and deleted with the VM", () => {
    for (const name of ["hello-image-worker1-copy", "hello-image-worker1-load"]) {
      const { inputs, deletedWith } = find(resources, name);
      expect(inputs.triggers).toEqual(["worker1-domain-id", "localhost/swarm-farm/hello:abc"]);
      expect(deletedWith).toBe("worker1-domain");
    }
  });

  test("is copied once that node's Docker answers, and loaded once it is copied", () => {
    const { dependsOn } = find(resources, "hello-image-worker1-copy");
    expect(dependsOn).toContain("worker1-ready");
    expect(dependsOn).not.toContain("manager1-ready");
    expect(find(resources, "hello-image-worker1-load").dependsOn).toContain("hello-image-worker1-copy");
  });

  test("is loaded from where it was copied to unless the guest image brings it, and its archive is cleared away", () => {
    expect(find(resources, "hello-image-worker1-copy").inputs).toMatchObject({ remotePath: "/var/tmp/hello.tar.zst" });
    expect(find(resources, "hello-image-worker1-load").inputs.create).toBe(
      [
        "IMAGE=localhost/swarm-farm/hello:abc",
        "FILE=/var/tmp/hello.tar.zst",
        "set -eu",
        'docker image inspect "$IMAGE" >/dev/null 2>&1 || docker load -q -i "$FILE"',
        'rm -f "$FILE"',
        "docker image inspect \"$IMAGE\" -f '{{.Id}}'",
      ].join("\n"),
    );
  });

  test("lets services wait for the loads", async () => {
    const urns = preloaded.loads.map((load) => new Promise<string>((resolve) => load.urn.apply(resolve)));
    expect((await Promise.all(urns)).map((urn) => urn.split("::").at(-1))).toEqual([
      "hello-image-manager1-load",
      "hello-image-worker1-load",
    ]);
    expect(pulumi.Output.isInstance(preloaded.reference)).toBe(false);
  });
});
