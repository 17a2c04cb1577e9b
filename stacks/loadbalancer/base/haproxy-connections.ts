import { maxConnections, type LoadBalancerPlan } from "./types";

/**
 * HAProxy keeps silent connections until their time is up, where nginx closes the oldest for a new one: those of one client must leave
 * room for others. Proxies have the connections of many clients.
 */
export function fewOfOneClient({ trustedProxies = [], proxyProtocol: proxies }: LoadBalancerPlan): string[] {
  const shared = [...trustedProxies, ...(proxies?.from ?? [])];
  const unlessShared = shared.length === 0 ? "" : " unless shared";
  return [
    ...shared.map((network) => `acl shared src ${network}`),
    `tcp-request connection track-sc1 src table clients${unlessShared}`,
    `tcp-request connection reject if { sc1_conn_cur gt ${String(maxConnections / 4)} }`,
  ];
}
