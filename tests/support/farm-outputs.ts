import type { Outputs } from "../../cli/pulumi/outputs";

const patchLevel = { os: "Debian 12", kernel: "6.1", docker: "28.1", packages: "5f0c" };

/** Output of Pulumi for a farm of three nodes, one of which has yet to report. */
export const farmOutputs: Outputs = {
  nodes: [
    { name: "manager1", role: "manager", address: "10.0.0.1", labels: {}, patchLevel },
    { name: "worker1", role: "worker", address: "10.0.0.2", labels: { disk: "ssd" }, patchLevel },
    { name: "worker2", role: "worker", address: "10.0.0.3", labels: {}, patchLevel: null },
  ],
  addresses: [],
  urls: { hello: "http://10.0.0.1:8080" },
  users: ["admin", "app"],
  certificates: {},
};
