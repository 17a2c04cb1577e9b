import { memo } from "preact/compat";
import { Age, Image, Mark, Name } from "./parts.tsx";
import { groupOf, stateText } from "./states.ts";
import { clockAheadMs } from "./store.ts";
import type { Row } from "./view.ts";

const freshMs = 8_000;

interface Props {
  readonly row: Row;
  /** Whether Tab stops here; within a column the arrows go on. */
  readonly first: boolean;
  /** Whether a tile is enough while nothing is wrong with it. */
  readonly tile: boolean;
}

function Spelled({ row }: Pick<Props, "row">) {
  const { task } = row;
  const odd = groupOf(task) !== "running";
  return (
    <>
      <span class="name">
        <Name text={row.name} />
      </span>
      <Image of={task.image} />
      <Age at={odd ? task.stateAt : task.createdAt} />
      {odd ? (
        <span class="why">
          <b>{stateText(task)}</b> {task.reason}
        </span>
      ) : (
        <span class="hidden">running</span>
      )}
    </>
  );
}

/** One task of a column: spelled out, or as a tile that has no more elements than thousands can have. */
export const TaskItem = memo(function TaskItem({ row, first, tile }: Props) {
  const { task } = row;
  const group = groupOf(task);
  const small = tile && group !== "failed" && group !== "waiting";
  // Only what just came to be: the first view of a page is no news.
  const fresh = Date.now() + clockAheadMs.peek() - task.createdAt < freshMs ? "fresh" : "";
  const words = `${row.name} · ${stateText(task)} · ${task.image}`;
  return (
    <li class={`task ${group} t${row.tint} ${fresh} ${small ? "tile" : ""}`}>
      <a href={`#task=${task.id}`} data-task={task.id} tabIndex={first ? 0 : -1} title={words}>
        {/* Thousands of dots would only repeat that all is well. */}
        {(!small || group !== "running") && <Mark of={group} />}
        {small ? <span class="hidden">{`${row.name}, ${stateText(task)}`}</span> : <Spelled row={row} />}
      </a>
    </li>
  );
});
