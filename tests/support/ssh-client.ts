import * as pulumi from "@pulumi/pulumi";
import { SshClient } from "../../infra/remote/ssh-files";
import { access } from "./samples";

/** The ssh client of a farm `dev` with two managers and two workers. */
export function sshClient(...more: readonly string[]): SshClient {
  return new SshClient(
    "ssh",
    {
      farm: "dev",
      state: "/state/dev",
      privateKey: pulumi.secret("login key"),
      nodes: Object.fromEntries(
        ["manager1", "manager2", "worker1", "worker2", ...more].map((node) => [node, access()]),
      ),
      managers: ["manager1", "manager2"],
    },
    {},
  );
}
