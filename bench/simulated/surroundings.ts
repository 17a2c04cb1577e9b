import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordingApi } from "../../tests/support/compose/recording-api";
import { FakeLibvirt } from "../../tests/support/fake-libvirt/server";

/** The libvirt and the Docker API of a farm that is not there. */
export class Surroundings {
  private constructor(
    readonly folder: string,
    readonly libvirt: FakeLibvirt,
    readonly docker: RecordingApi,
    /** A folder of programs that have to be found before all others. */
    readonly programs: string,
  ) {}

  static async start(): Promise<Surroundings> {
    const folder = mkdtempSync(join(tmpdir(), "simulated-"));
    const libvirt = await FakeLibvirt.start(join(folder, "socket"));
    const docker = await RecordingApi.start();
    return new Surroundings(folder, libvirt, docker, fakeSsh(folder, docker.host));
  }

  async stop(): Promise<void> {
    await this.docker.stop();
    await this.libvirt.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** A folder with an `ssh` that connects to Docker's API, whatever the host: the Docker provider runs `docker system dial-stdio` by it. */
function fakeSsh(folder: string, api: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nexec socat - TCP:${new URL(api).host}\n`);
  chmodSync(join(bin, "ssh"), 0o755);
  return bin;
}
