/** The service that starts jobs, and its port in the container. */
export const jobsService = { name: "jobs", port: 8080 } as const;
