import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { nodeName, taskName } from "../shared/names.ts";
import type { Task } from "../shared/model.ts";
import type { TaskLog } from "../shared/wire.ts";
import { Age, clockTime, Mark, Name } from "./parts.tsx";
import { readJson } from "./read.ts";
import { go, route } from "./route.ts";
import { groupOf, stateText } from "./states.ts";
import { clusterState } from "./store.ts";

const readLog = (task: string): Promise<TaskLog> =>
  readJson(`log/${encodeURIComponent(task)}`, (note): TaskLog => ({ lines: [], note }));

// One for each task, by its key: an answer that comes late must not be shown as another task's.
function Log({ task }: { readonly task: string }) {
  const log = useSignal<TaskLog | undefined>(undefined);
  const box = useRef<HTMLPreElement>(null);
  const read = (): void => {
    void readLog(task).then((read) => {
      log.value = read;
      // The last lines are the ones people come for.
      requestAnimationFrame(() => box.current?.scrollTo(0, box.current.scrollHeight));
    });
  };
  useEffect(read, []);
  return (
    <section class="log">
      <h3>
        Last log lines
        <button type="button" onClick={read}>
          Read again
        </button>
      </h3>
      {log.value?.note && <p class="note">{log.value.note}</p>}
      <pre tabIndex={0} aria-label="Log" aria-busy={log.value === undefined} ref={box}>
        {log.value?.lines.map((line, i) => (
          <span key={i} class={line.stream}>
            {line.at && <time>{clockTime(new Date(line.at))} </time>}
            {line.stream === "err" && <span class="hidden">error stream: </span>}
            {line.text}
            {"\n"}
          </span>
        ))}
        {log.value?.lines.length === 0 && !log.value.note && "It has written nothing."}
        {log.value === undefined && "Reading…"}
      </pre>
    </section>
  );
}

function Facts({ task, gone }: { readonly task: Task; readonly gone: boolean }) {
  const { nodes, services } = clusterState.value;
  const service = services.get(task.serviceId);
  const group = groupOf(task);
  return (
    <dl>
      <dt>State</dt>
      <dd>
        {gone ? (
          "gone: it was removed from the swarm"
        ) : (
          <>
            <Mark of={group} /> {stateText(task)} for <Age at={task.stateAt} />, desired {task.desired}
          </>
        )}
      </dd>
      {task.reason && (
        <>
          <dt>Why</dt>
          <dd>{task.reason}</dd>
        </>
      )}
      <dt>Service</dt>
      <dd>
        {service ? <Name text={service.name} /> : "removed"}
        {task.slot > 0 ? `, slot ${task.slot}` : ""}
      </dd>
      <dt>Node</dt>
      <dd>{task.nodeId ? <Name text={nodeName(nodes.get(task.nodeId), task.nodeId)} /> : "none yet"}</dd>
      <dt>Image</dt>
      <dd>
        <Name text={task.image} />
      </dd>
      <dt>Created</dt>
      <dd>
        <Age at={task.createdAt} /> ago
      </dd>
      <dt>Id</dt>
      <dd>
        <code>{task.id}</code>
      </dd>
    </dl>
  );
}

/** One task in full, with its last log lines, over the rest of the page. */
export function Detail() {
  const dialog = useRef<HTMLDialogElement>(null);
  const seen = useRef<Task | undefined>(undefined);
  const id = route.value.task;
  const now = clusterState.value.tasks.get(id);
  if (now) seen.current = now;
  const task = seen.current?.id === id ? seen.current : undefined;
  useEffect(() => {
    if (id && !dialog.current?.open) dialog.current?.showModal();
    if (!id) dialog.current?.close();
  }, [id]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="detail-title"
      onClose={() => {
        if (route.value.task) go({ task: "" });
      }}
      onClick={(event) => {
        // Only the backdrop is the dialog itself.
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      {id && (
        <div class="inside">
          <header>
            <h2 id="detail-title">{task ? <Name text={taskName(clusterState.value, task)} /> : "Task"}</h2>
            <button type="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </header>
          {task ? <Facts task={task} gone={!now} /> : <p class="note">There is no task '{id}', or it is gone.</p>}
          {task && <Log key={id} task={id} />}
        </div>
      )}
    </dialog>
  );
}
