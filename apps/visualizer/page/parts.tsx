import { useComputed } from "@preact/signals";
import { span } from "../shared/ages.ts";
import { now } from "./store.ts";

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });

/** The time of day, where the person is. */
export const clockTime = (at: Date): string => clock.format(at);

/** How long ago something was. Only the text changes as time goes by, nothing is drawn again. */
export function Age({ at }: { readonly at: number }) {
  const text = useComputed(() => span(now.value - at));
  if (at === 0) return null;
  return (
    <time class="age" dateTime={new Date(at).toISOString()}>
      {text}
    </time>
  );
}

/** A shape for a state or level: words beside it always mean the same. */
export function Mark({ of }: { readonly of: string }) {
  return <span class={`mark ${of}`} aria-hidden="true" />;
}

/** A name from outside, in whatever script it is written. */
export function Name({ text }: { readonly text: string }) {
  return <bdi>{text}</bdi>;
}

/** An image without its registry: the tag is what people look for, and would be cut off. */
export function Image({ of }: { readonly of: string }) {
  return (
    <span class="image" title={of}>
      <Name text={of.replace(/^.*\//, "")} />
    </span>
  );
}

/** A share as a bar; `label` is the same in words, which are also shown. */
export function Bar(props: {
  readonly part: number;
  readonly whole: number;
  readonly label: string;
  readonly kind: string;
}) {
  const share = props.whole > 0 ? Math.min(1, props.part / props.whole) : 0;
  return (
    <span
      class={`bar ${props.kind}`}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <span style={{ inlineSize: `${(share * 100).toFixed(1)}%` }} />
    </span>
  );
}
