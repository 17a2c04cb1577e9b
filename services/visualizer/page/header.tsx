import { computed } from "@preact/signals";
import { span } from "../shared/ages.ts";
import { Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { clockAheadMs, happened, link, picture, problems, swarm } from "./store.ts";

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
    ...problems.value.map((problem) => problem.text),
    clock,
  ].filter(Boolean);
});

// The few things worth interrupting someone who listens instead of looks.
const spoken = computed(() => {
  const line = happened.value.findLast((one) => one.subject.kind !== "task" && one.level !== "plain");
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

const views = [
  ["", "Nodes"],
  ["services", "Services"],
  ["events", "Time line"],
] as const;

/** Whose swarm it is, how it stands, and what is wrong. */
export function Header() {
  const { nodes, services, tasks } = picture.value;
  const up = [...nodes.values()].filter((node) => node.state === "ready").length;
  return (
    <header class="top">
      <a class="skip" href="#show=" onClick={() => document.querySelector<HTMLElement>("[data-task]")?.focus()}>
        To the tasks
      </a>
      <h1>
        Swarm{" "}
        {swarm.value && (
          <small>
            of <Name text={swarm.value.manager} /> · Docker {swarm.value.docker}
          </small>
        )}
      </h1>
      <p class="totals">
        <b>{up === nodes.size ? up : `${up}/${nodes.size}`}</b> nodes{up === nodes.size ? "" : " ready"} ·{" "}
        <b>{services.size}</b> services · <b>{tasks.size}</b> tasks
      </p>
      <Connection />
      <div role="status" class="notices">
        {notices.value.map((text) => (
          <p key={text}>
            <Mark of="warn" /> {text}
          </p>
        ))}
      </div>
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
