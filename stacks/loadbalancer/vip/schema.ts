import { z } from "zod";
import { Address } from "../../../infra/config/primitives";

/** More would be more keepalived instances on each node than anyone needs; VRRP itself has 255. */
const most = 16;

/** The key `loadbalancer.vip`: one address or a list; a list once parsed. */
export const VirtualAddressList = z
  .union(
    [Address, z.array(Address).min(1).max(most)],
    `must be a free address of the farm's network, e.g. 10.77.0.250, or a list of 1 to ${String(most)}`,
  )
  .transform((given): readonly string[] => (typeof given === "string" ? [given] : given));
