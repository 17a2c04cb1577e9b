import { computed, signal } from "@preact/signals";
import { memo } from "preact/compat";
import { fold, type Told, verbFor } from "./fold.ts";
import { clockTime, Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { happened, picture, readOlder } from "./store.ts";
import { lineMatches } from "./view.ts";

// Of the whole picture only the services' names matter here, and those change seldom.
const services = computed(() => picture.value.services);
let last: readonly Told[] = [];
const lines = computed(() => {
  const shown = happened.value.filter((line) => lineMatches(line, route.value, services.value));
  const known = new Map(last.map((told) => [told.id, told]));
  // What is told as before stays the same object, and is not drawn again.
  last = fold(shown.reverse()).map((told) => {
    const old = known.get(told.id);
    return old?.names.length === told.names.length ? old : told;
  });
  return last;
});
const mayBeMore = signal(true);
let reading = false;

async function older(): Promise<void> {
  if (reading) return;
  reading = true;
  try {
    mayBeMore.value = await readOlder();
  } catch {
    // The server is away; the button stays.
  } finally {
    reading = false;
  }
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

function Subjects({ told }: { readonly told: Told }) {
  const { first, names } = told;
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

const Line = memo(function Line({ told }: { readonly told: Told }) {
  const { first, names } = told;
  const at = new Date(first.at);
  const more = names.length > namesShown ? ", …" : "";
  const detail = names.length > 1 ? [...names].reverse().slice(0, namesShown).join(", ") + more : first.detail;
  return (
    <li class={first.level}>
      <time dateTime={at.toISOString()} title={day.format(at)}>
        {clockTime(at)}
      </time>
      <Mark of={first.level} />
      <span class="what">
        <Subjects told={told} /> {verbFor(first.verb, names.length)}
        {first.on && (
          <>
            {" "}
            on <Name text={first.on.name} />
          </>
        )}
        {detail && <span class="detail">: {detail}</span>}
      </span>
    </li>
  );
});

function scrolled(event: Event): void {
  const list = event.currentTarget as HTMLElement;
  if (mayBeMore.value && list.scrollHeight - list.scrollTop - list.clientHeight < 300) void older();
}

/** What happened, newest first; scrolling down goes back in time. */
export function Timeline() {
  const oldest = happened.value[0]?.id ?? 0;
  return (
    <section class="timeline panel" aria-label="Time line" tabIndex={0} onScroll={scrolled}>
      <h2>Time line</h2>
      <ol>
        {lines.value.map((told) => (
          <Line key={told.id} told={told} />
        ))}
      </ol>
      {lines.value.length === 0 && <p class="empty">Nothing happened since the watch began.</p>}
      {mayBeMore.value && oldest > 1 && (
        <button type="button" class="more" onClick={() => void older()}>
          Older
        </button>
      )}
    </section>
  );
}
