import type * as pulumi from "@pulumi/pulumi";

/** Text that another resource may produce, or that is secret. */
export type Text = pulumi.Input<string>;

/** Text by name. The order of the names has no meaning: they are sent sorted. */
export type Texts = Readonly<Record<string, Text>>;
