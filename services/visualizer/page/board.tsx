import { computed } from "@preact/signals";
import { memo } from "preact/compat";
import { moveByKey } from "./keys.ts";
import { Age, Bar, Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { groupOf, stateText } from "./states.ts";
import { link, picture, problems } from "./store.ts";
import { type Column, columnsOf, type Row } from "./view.ts";

let last: readonly Column[] = [];
const columns = computed(() => (last = columnsOf(picture.value, route.value, last)));

const TaskRow = memo(function TaskRow({ row, first }: { readonly row: Row; readonly first: boolean }) {
  const { task } = row;
  const group = groupOf(task);
  const odd = group !== "running";
  // Only what just came to be: the first picture of a page is no news.
  const fresh = Date.now() - task.createdAt < 8_000 ? "fresh" : "";
  return (
    <li class={`task ${group} t${row.tint} ${fresh}`}>
      <a href={`#task=${task.id}`} data-task={task.id} tabIndex={first ? 0 : -1} title={task.image}>
        <Mark of={group} />
        <span class="name">
          <Name text={row.name} />
        </span>
        <span class="image">
          <Name text={task.image} />
        </span>
        <Age at={odd ? task.stateAt : task.createdAt} />
        {odd ? (
          <span class="why">
            <b>{stateText(task)}</b> {task.reason}
          </span>
        ) : (
          <span class="hidden">running</span>
        )}
      </a>
    </li>
  );
});

const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(bytes < 10 * 1024 ** 3 ? 1 : 0);
const cores = (cpus: number): string => String(Math.round(cpus * 10) / 10);

function Load({ column, cpus, bytes }: { readonly column: Column; readonly cpus: number; readonly bytes: number }) {
  const cpu = `CPU ${cores(column.reservedCpus)} of ${cores(cpus)}`;
  const memory = `memory ${gib(column.reservedBytes)} of ${gib(bytes)} GiB`;
  return (
    <div class="load" title="Load: what the running tasks have reserved of the node's resources">
      <Bar part={column.reservedCpus} whole={cpus} label={`${cpu} reserved`} kind="cpu" />
      <span aria-hidden="true">{cpu}</span>
      <Bar part={column.reservedBytes} whole={bytes} label={`${memory} reserved`} kind="memory" />
      <span aria-hidden="true">{memory}</span>
    </div>
  );
}

function NodeHead({ column }: { readonly column: Column }) {
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
  const facts = [node.address, node.engine && `Docker ${node.engine}`, node.platform].filter(Boolean);
  return (
    <header>
      <h3 id={`column-${node.id}`}>
        <Mark of={state} /> <Name text={node.name || node.id.slice(0, 12)} />
        <span class="badge">{node.leader ? "leader" : node.role}</span>
      </h3>
      <p class={`standing ${state}`}>
        {node.state}
        {node.availability === "active" ? "" : `, ${node.availability}`}
        {node.reachability === "unreachable" ? ", unreachable as a manager" : ""}
        {up || node.message === "" ? "" : `: ${node.message}`}
        <span class="count">
          {column.rows.length === column.total ? column.total : `${column.rows.length} of ${column.total}`}{" "}
          {column.total === 1 ? "task" : "tasks"}
        </span>
      </p>
      <p class="facts">{facts.join(" · ")}</p>
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

const ColumnView = memo(function ColumnView({ column }: { readonly column: Column }) {
  return (
    <section class={`column ${column.node ? "" : "homeless"}`} aria-labelledby={`column-${column.id}`}>
      <NodeHead column={column} />
      <ul class="tasks">
        {column.rows.map((row, i) => (
          <TaskRow key={row.task.id} row={row} first={i === 0} />
        ))}
      </ul>
    </section>
  );
});

function open(event: MouseEvent): void {
  const task = (event.target as Element).closest<HTMLElement>("[data-task]")?.dataset.task;
  // A new tab or window is the browser's business.
  if (!task || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go({ task });
}

/** The nodes with their tasks. */
export function Board() {
  const { value } = columns;
  const nothing = value.length === 0;
  const tasks = picture.value.tasks.size;
  // Many tasks a node are shown in one line each, few in two.
  const dense = tasks > 14 * Math.max(1, picture.value.nodes.size) ? "dense" : "roomy";
  return (
    <section class="board" aria-label="Nodes and their tasks">
      <h2 class="hidden">Nodes</h2>
      <div class={`columns ${dense}`} onClick={open} onKeyDown={moveByKey}>
        {value.map((column) => (
          <ColumnView key={column.id} column={column} />
        ))}
      </div>
      {nothing && <p class="empty">{emptyText()}</p>}
    </section>
  );
}

function emptyText(): string {
  if (picture.value.nodes.size > 0) return `There is no node '${route.value.node}'.`;
  return link.value.kind === "loading" || problems.value.length === 0
    ? "Looking at the swarm…"
    : "Nothing to show yet.";
}
