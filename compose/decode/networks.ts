import { isIP } from "node:net";
import type { Cursor } from "../yaml/cursor";
import { common, hintAtIdle, type NetworkObject } from "./objects";
import { plainMapping } from "./values";

/** Docker's own networks of one node; the rest of a swarm cannot use them. */
const ofOneNode = new Set(["bridge", "host", "none", "null"]);

function networkDriver(cursor: Cursor | undefined): string | undefined {
  const driver = cursor?.plain();
  if (cursor === undefined || driver === undefined || !ofOneNode.has(driver)) return driver;
  if (driver === "bridge") {
    cursor.findings.improve(
      cursor.at,
      cursor.path,
      "Swarm refuses a network of one node for services; here it is an overlay",
    );
    return undefined;
  }
  return cursor.refuse(
    `Docker makes no second network of the driver '${driver}'`,
    "write 'external: true' and 'name: host'",
  );
}

function subnets(cursor: Cursor | undefined): string[] {
  return (cursor?.items() ?? []).flatMap((item) => {
    const subnet = item.get("subnet");
    const text = subnet?.plain();
    if (text === undefined) return [];
    const [address = "", bits = "", more] = text.split("/");
    const version = isIP(address);
    if (version !== 0 && more === undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
      return [text];
    return subnet?.refuse(`'${text}' is no subnet`, "write one such as '10.28.0.0/16'", []) ?? [];
  });
}

/** `networks` of a file. */
export function networkObject(cursor: Cursor): NetworkObject {
  const ipam = cursor.get("ipam");
  const part = common(cursor);
  if (part.external) hintAtIdle(cursor, "driver", "driver_opts", "internal", "attachable", "ipam", "labels");
  return {
    ...part,
    driver: part.external ? undefined : networkDriver(cursor.get("driver")),
    driverOpts: plainMapping(cursor.get("driver_opts")),
    internal: cursor.get("internal")?.boolean() ?? false,
    attachable: cursor.get("attachable")?.boolean() ?? false,
    ipamDriver: ipam?.get("driver")?.plain(),
    subnets: subnets(ipam?.get("config")),
  };
}
