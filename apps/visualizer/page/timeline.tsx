import { computed } from "@preact/signals";
import { memo } from "preact/compat";
import { fold, type FoldedLine, verbFor } from "./fold.ts";
import { graphsAround, hasGraphs } from "./graph-route.ts";
import { clockTime, Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { logsAround, logsPage } from "./logs-page.ts";
import { activity, clusterState, mayBeMore, readOlder } from "./store.ts";
import { lineMatches } from "./view.ts";

// Of the whole cluster state only the services' names matter here, and those change seldom.
const services = computed(() => clusterState.value.services);
let last: readonly FoldedLine[] = [];
const lines = computed(() => {
  const shown = activity.value.filter((line) => lineMatches(line, route.value, services.value));
  const known = new Map(last.map((folded) => [folded.id, folded]));
  // An unchanged row stays the same object, and is not drawn again.
  last = fold(shown.reverse()).map((folded) => {
    const old = known.get(folded.id);
    return old?.names.length === folded.names.length ? old : folded;
  });
  return last;
});
let reading = false;

async function older(): Promise<void> {
  if (reading) return;
  reading = true;
  try {
    await readOlder();
  } catch {
    // The server is away; the button stays.
  } finally {
    reading = false;
  }
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

function Subjects({ folded }: { readonly folded: FoldedLine }) {
  const { first, names } = folded;
  const { subject } = first;
  if (names.length > 1) return <b>{names.length} tasks</b>;
  if (subject.kind !== "task") {
    return (
      <>
        {subject.kind}{" "}
        <b>
          <Name text={subject.name} />
        </b>
      </>
    );
  }
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        go({ task: subject.id });
      }}
    >
      <Name text={subject.name} />
    </button>
  );
}

const namesShown = 6;

const Line = memo(function Line({ folded }: { readonly folded: FoldedLine }) {
  const { first, names } = folded;
  const at = new Date(first.at);
  const page = logsPage.value;
  const more = names.length > namesShown ? ", …" : "";
  const detail = names.length > 1 ? [...names].reverse().slice(0, namesShown).join(", ") + more : first.detail;
  return (
    <li class={first.level}>
      <time dateTime={at.toISOString()} title={day.format(at)}>
        {page === null ? (
          clockTime(at)
        ) : (
          <a class="link" href={logsAround(page, first)} aria-label={`${clockTime(at)}: logs of that time`}>
            {clockTime(at)}
          </a>
        )}
      </time>
      <Mark of={first.level} />
      <span class="what">
        <Subjects folded={folded} /> {verbFor(first.verb, names.length)}
        {first.on && (
          <>
            {" "}
            on <Name text={first.on.name} />
          </>
        )}
        {detail && <span class="detail">: {detail}</span>}
      </span>
      {hasGraphs.value && (
        <a
          class="to-graphs"
          href={graphsAround(first)}
          aria-label={`${clockTime(at)}: graphs of that time`}
          title="Graphs of that time"
        />
      )}
    </li>
  );
});

function scrolled(event: Event): void {
  const list = event.currentTarget as HTMLElement;
  if (mayBeMore.value && list.scrollHeight - list.scrollTop - list.clientHeight < 300) void older();
}

/** The activity, newest first; scrolling down goes back in time. */
export function Timeline() {
  const oldest = activity.value[0]?.id ?? 0;
  return (
    <section class="timeline panel" aria-label="Time line" tabIndex={0} onScroll={scrolled}>
      <h2>Time line</h2>
      <ol>
        {lines.value.map((folded) => (
          <Line key={folded.id} folded={folded} />
        ))}
      </ol>
      {lines.value.length === 0 && <p class="empty">No activity since the server started.</p>}
      {mayBeMore.value && oldest > 1 && (
        <button type="button" class="more" onClick={() => void older()}>
          Older
        </button>
      )}
    </section>
  );
}
