/** The ports of the steward's own services in their containers. */
export const ports = { prometheus: 9090, steward: 8080 } as const;
