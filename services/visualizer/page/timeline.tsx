import { computed, signal } from "@preact/signals";
import { memo } from "preact/compat";
import type { Happening } from "../shared/model.ts";
import { Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { happened, picture, readOlder } from "./store.ts";
import { lineMatches } from "./view.ts";

const lines = computed(() =>
  happened.value.filter((line) => lineMatches(line, route.value, picture.value.services)).reverse(),
);
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

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

const Line = memo(function Line({ line }: { readonly line: Happening }) {
  const { subject, on } = line;
  const at = new Date(line.at);
  const name = <Name text={subject.name} />;
  return (
    <li class={line.level}>
      <time dateTime={at.toISOString()} title={day.format(at)}>
        {clock.format(at)}
      </time>
      <Mark of={line.level} />
      <span class="what">
        {subject.kind === "task" ? (
          <button
            type="button"
            class="link"
            onClick={() => {
              go({ task: subject.id });
            }}
          >
            {name}
          </button>
        ) : (
          <>
            {subject.kind} <b>{name}</b>
          </>
        )}{" "}
        {line.verb}
        {on && (
          <>
            {" "}
            on <Name text={on.name} />
          </>
        )}
        {line.detail && <span class="detail">: {line.detail}</span>}
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
        {lines.value.map((line) => (
          <Line key={line.id} line={line} />
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
