import { hasGraphs, toGraphs } from "./graph-route.ts";
import { Bar, Mark, Name } from "./parts.tsx";
import { formatRoute } from "./route.ts";
import type { Column } from "./view.ts";

const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(bytes < 10 * 1024 ** 3 ? 1 : 0).replace(/\.0$/, "");
const cores = (cpus: number): string => String(Math.round(cpus * 10) / 10);

function Load({ column, cpus, bytes }: { readonly column: Column; readonly cpus: number; readonly bytes: number }) {
  const cpu = `${cores(column.reservedCpus)} / ${cores(cpus)}`;
  const memory = `${gib(column.reservedBytes)} / ${gib(bytes)} GiB`;
  return (
    <div class="load" title="Load: what the running tasks have reserved of the node's resources">
      <span aria-hidden="true">CPU</span>
      <Bar part={column.reservedCpus} whole={cpus} label={`CPU reserved: ${cpu}`} kind="cpu" />
      <span aria-hidden="true">{cpu}</span>
      <span aria-hidden="true">RAM</span>
      <Bar part={column.reservedBytes} whole={bytes} label={`Memory reserved: ${memory}`} kind="memory" />
      <span aria-hidden="true">{memory}</span>
    </div>
  );
}

/** Facts about a node, above its tasks. */
export function NodeHead({ column }: { readonly column: Column }) {
  const { node } = column;
  if (!node) {
    return (
      <header>
        <h3 id="column-">
          <Mark of="waiting" /> Without a node
        </h3>
        <p class="facts">Tasks that wait for a place, and why</p>
      </header>
    );
  }
  const up = node.state === "ready";
  const state = !up ? "bad" : node.availability === "active" ? "good" : "warn";
  const facts = [node.address, node.engine && `Docker ${node.engine}`, node.platform.replace(/^linux\//, "")].filter(
    Boolean,
  );
  return (
    <header>
      <h3 id={`column-${node.id}`}>
        <Mark of={state} /> <Name text={node.name || node.id.slice(0, 12)} />
        <span class="badge">{node.leader ? "leader" : node.role}</span>
      </h3>
      <p class={`standing ${state}`}>
        {node.state}, {node.availability}
        {node.reachability === "unreachable" ? ", unreachable as a manager" : ""}
        {up || node.message === "" ? "" : `: ${node.message}`}
        <span class="count">
          {column.rows.length === column.total ? column.total : `${column.rows.length} of ${column.total}`}{" "}
          {column.total === 1 ? "task" : "tasks"}
        </span>
        {hasGraphs.value && node.name !== "" && (
          <a
            class="to-graphs"
            href={formatRoute(toGraphs({ view: "node", subject: node.name }))}
            aria-label={`Graphs of ${node.name}`}
            title="Graphs"
          />
        )}
      </p>
      <p class="facts">
        {facts.map((fact) => (
          <span key={fact}>{fact} </span>
        ))}
      </p>
      <ul class="labels" aria-label="Labels">
        {Object.entries(node.labels).map(([key, value]) => (
          <li key={key}>
            <Name text={value ? `${key}=${value}` : key} />
          </li>
        ))}
      </ul>
      <Load column={column} cpus={node.cpus} bytes={node.memoryBytes} />
    </header>
  );
}
