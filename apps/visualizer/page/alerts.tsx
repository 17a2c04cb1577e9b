import { Age, Mark, Name } from "./parts.tsx";
import { alerts } from "./store.ts";

/** Alerts that fire, each with what to do; nothing where none does. */
export function FiringAlerts() {
  const { firing, problem } = alerts.value;
  if (firing.length === 0 && problem === undefined) return null;
  return (
    <section class="notices alerts" aria-label="Alerts" tabIndex={0}>
      {problem !== undefined && (
        <p>
          <Mark of="warn" /> {problem}. The alerts may be old.
        </p>
      )}
      {firing.map(({ id, name, level, since, summary, action }) => (
        <p key={id} class={`alert ${level}`}>
          <Mark of={level} />{" "}
          <b>
            <Name text={name} />
          </b>
          {since > 0 && (
            <>
              {" "}
              for <Age at={since} />
            </>
          )}
          {summary !== "" && `: ${summary}`}
          {action !== "" && <small>{action}</small>}
        </p>
      ))}
    </section>
  );
}
