import { computed } from "@preact/signals";
import { span } from "../shared/ages.ts";
import { FiringAlerts } from "./alerts.tsx";
import { Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { hasEnough } from "./states.ts";
import type { Service } from "../shared/model.ts";
import { clockAheadMs, activity, link, clusterState, problems, swarm } from "./store.ts";

/** A difference people would wonder about in ages and times. */
const clockToleratedMs = 30_000;

const notices = computed(() => {
  const { value: connection } = link;
  const ahead = clockAheadMs.value;
  const clock =
    Math.abs(ahead) > clockToleratedMs
      ? `This computer's clock is ${span(Math.abs(ahead))} ${ahead > 0 ? "behind" : "ahead of"} the swarm's; ages go by the swarm's.`
      : "";
  return [
    connection.kind === "lost" ? `Not connected: ${connection.why}. Trying again; what you see may be old.` : "",
    ...problems.value.map(({ id, text }) =>
      id === "docker" ? `${text}. Trying again; what you see may be old.` : text,
    ),
    clock,
  ].filter(Boolean);
});

// The few things worth interrupting someone who listens instead of looks.
const spoken = computed(() => {
  const line = activity.value.findLast((one) => one.subject.kind !== "task" && one.level !== "plain");
  return line ? `${line.subject.kind} ${line.subject.name} ${line.verb}` : "";
});

function Connection() {
  const { kind } = link.value;
  const stale = kind === "live" && problems.value.some((problem) => problem.id === "docker");
  const words = { loading: "connecting", live: stale ? "Docker is away" : "live", lost: "connection lost" }[kind];
  return (
    <span class="connection">
      <Mark of={kind === "live" && !stale ? "good" : "bad"} /> {words}
    </span>
  );
}

function Total(props: { readonly there: number; readonly total: number; readonly words: string }) {
  const { there, total, words } = props;
  return (
    <li class={there < total ? "short" : ""}>
      <b>{there < total ? `${there} of ${total}` : total}</b> {words}
    </li>
  );
}

function Totals() {
  const nodes = [...clusterState.value.nodes.values()];
  const services = [...clusterState.value.services.values()];
  const tasks = services.filter((one) => !one.mode.includes("job"));
  const sum = (count: (service: Service) => number): number => tasks.reduce((all, one) => all + count(one), 0);
  return (
    <ul class="totals" aria-label="Totals">
      <Total there={nodes.filter((one) => one.state === "ready").length} total={nodes.length} words="nodes ready" />
      <Total there={services.filter(hasEnough).length} total={services.length} words="services complete" />
      <Total
        there={sum((one) => Math.min(one.running, one.desiredTasks))}
        total={sum((one) => one.desiredTasks)}
        words="tasks running"
      />
    </ul>
  );
}

const views = [
  ["", "Nodes"],
  ["services", "Services"],
  ["events", "Time line"],
] as const;

/** Whose swarm it is, how it stands, and what is wrong. */
export function Header() {
  return (
    <header class="top">
      <a
        class="skip"
        href="#"
        onClick={(event) => {
          // The address names what is looked at, and stays.
          event.preventDefault();
          document.querySelector<HTMLElement>("[data-task], #graphs-of")?.focus();
        }}
      >
        {route.value.graphs === "" ? "To the tasks" : "To the graphs"}
      </a>
      <h1>
        <img src="icon.svg" alt="" width="22" height="22" /> Swarm{" "}
        {swarm.value && (
          <small>
            of <Name text={swarm.value.manager} /> · Docker {swarm.value.docker}
          </small>
        )}
      </h1>
      <Totals />
      <Connection />
      <div role="status" class="notices">
        {notices.value.map((text) => (
          <p key={text}>
            <Mark of="warn" /> {text}
          </p>
        ))}
      </div>
      <FiringAlerts />
      <div role="status" class="hidden">
        {spoken}
      </div>
      <nav class="views" aria-label="Parts of the page">
        {views.map(([show, label]) => (
          <button
            key={show}
            type="button"
            aria-pressed={route.value.show === show}
            onClick={() => {
              go({ show });
            }}
          >
            {label}
          </button>
        ))}
      </nav>
    </header>
  );
}
