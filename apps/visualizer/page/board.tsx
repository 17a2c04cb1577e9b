import { computed } from "@preact/signals";
import { memo } from "preact/compat";
import { type Density, densityOf } from "./density.ts";
import { moveByKey } from "./keys.ts";
import { NodeHead } from "./node.tsx";
import { go, route } from "./route.ts";
import { link, clusterState, problems } from "./store.ts";
import { TaskItem } from "./task.tsx";
import { type Column, columnsOf } from "./view.ts";

let last: readonly Column[] = [];
const columns = computed(() => (last = columnsOf(clusterState.value, route.value, last)));

let lastDensity: Density = "roomy";
/** How the tasks are drawn now. */
export const density = computed(() => {
  const shown = columns.value.reduce((sum, column) => sum + column.rows.length, 0);
  return (lastDensity = densityOf(shown, columns.value.length, route.value.as, lastDensity));
});

const ColumnView = memo(function ColumnView(props: { readonly column: Column; readonly tiles: boolean }) {
  const { column, tiles } = props;
  return (
    <section class={`column ${column.node ? "" : "homeless"}`} aria-labelledby={`column-${column.id}`}>
      <NodeHead column={column} />
      <ul class="tasks">
        {column.rows.map((row, i) => (
          <TaskItem key={row.task.id} row={row} first={i === 0} tile={tiles} />
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
  return (
    <section class="board" aria-label="Nodes and their tasks">
      <h2 class="hidden">Nodes</h2>
      <div class={`columns ${density.value}`} onClick={open} onKeyDown={moveByKey}>
        {value.map((column) => (
          <ColumnView key={column.id} column={column} tiles={density.value === "tiles"} />
        ))}
      </div>
      {nothing && <p class="empty">{emptyText()}</p>}
    </section>
  );
}

function emptyText(): string {
  if (clusterState.value.nodes.size > 0) return "Nothing here matches what you look for.";
  return link.value.kind === "loading" || problems.value.length === 0
    ? "Looking at the swarm…"
    : "Nothing to show yet.";
}
