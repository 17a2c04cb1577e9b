import type * as pulumi from "@pulumi/pulumi";

/** How to log in to a node and verify its identity. */
export interface NodeAccess {
  readonly address: string;
  readonly privateKey: pulumi.Output<string>;
  /** The node's public host key; any other is refused. */
  readonly hostKey: pulumi.Output<string>;
}
