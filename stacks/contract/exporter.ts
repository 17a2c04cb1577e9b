/** The service of the exporter that a stack deploys for others too, and its port in the container. */
export const sharedExporter = { service: "exporter", port: 9101 } as const;
