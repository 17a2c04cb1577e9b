import type { ComposePort, ComposeService } from "../../../compose";
import type { Endpoint, Port } from "../../service/spec/ports";

/** How clients and other services find the tasks. */
export function endpointOf({ endpointMode = "vip", ports }: Pick<ComposeService, "endpointMode" | "ports">): Endpoint {
  if (endpointMode === "vip") return { endpointMode, ports: ports.map(portOf) };
  // The reader's findings are complete: `endpointProblems` refuses ports of the routing mesh.
  return {
    endpointMode,
    ports: ports.filter(({ mode }) => mode === "host").map((port) => ({ ...portOf(port), mode: "host" })),
  };
}

/** Docker takes 0 for a port that Swarm chooses. */
function portOf({ target, published, protocol, mode }: ComposePort): Port {
  return { target, published: published === 0 ? undefined : published, protocol, mode };
}
