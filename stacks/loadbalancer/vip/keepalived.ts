import { routerId, type VirtualAddressPlan } from "./plan";

/** Intervals without an advertisement after which VRRP's next node takes the address. */
const missed = 3;

/** Where start-keepalived writes the definitions of `$INTERFACE`, `$NODE` and the priorities, which differ between nodes. */
const nodeFile = "/run/node.conf";

/**
 * The whole keepalived.conf, the same for every node.
 *
 * One VRRP instance for each address, so that they are on several nodes. No node has a right to an address (`BACKUP`, `nopreempt`): a node
 * that returns takes none. Version 3 of VRRP, since backups then use the master's interval.
 */
export function keepalivedConfig({ addresses, cidr, healthPort, intervalSeconds }: VirtualAddressPlan): string {
  const interval = String(intervalSeconds);
  const lease = String(missed * intervalSeconds);
  return [
    block("global_defs", "script_user root", "enable_script_security", "vrrp_version 3"),
    `include ${nodeFile}\n`,
    block(
      "vrrp_script balancer",
      `script "/usr/local/sbin/check-balancer ${lease} $INTERFACE $NODE ${String(healthPort)} ${addresses.join(" ")}"`,
      `interval ${interval}`,
      `timeout ${interval}`,
      "rise 2",
      "fall 2",
      // A node takes no address before its balancer has answered.
      "init_fail",
    ),
    ...addresses.map((address) =>
      block(
        `vrrp_instance ${address}`,
        "interface $INTERFACE",
        "state BACKUP",
        "nopreempt",
        // A node that was paused for so long that another has the address gives it up before it sends an advertisement.
        "timer_expired_backup 254",
        `virtual_router_id ${String(routerId(cidr, address))}`,
        `priority ${priorityOf(address)}`,
        `advert_int ${interval}`,
        // Neighbours that missed the first gratuitous ARP.
        "garp_master_delay 1",
        "garp_master_refresh 10",
        block("virtual_ipaddress", `${address}/32`),
        block("track_script", "balancer"),
        // keepalived adds an address without an end, and the first check may be an interval away.
        `notify_master "/usr/local/sbin/hold-addresses ${lease} $INTERFACE ${address}"`,
      ),
    ),
  ].join("");
}

function priorityOf(address: string): string {
  return `$PRIORITY_${address.replaceAll(".", "_")}`;
}

function block(head: string, ...body: readonly string[]): string {
  const lines = body.flatMap((text) => text.trimEnd().split("\n"));
  return `${[`${head} {`, ...lines.map((line) => `  ${line}`), "}"].join("\n")}\n`;
}
