/** The certificate that a balancer serves, with its chain and its key, in memory. */
export const servedFile = "/run/certificate/tls.pem";
