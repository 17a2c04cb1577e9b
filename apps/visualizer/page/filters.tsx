import { computed } from "@preact/signals";
import { nodeName } from "../shared/names.ts";
import { density } from "./board.tsx";
import { graphsBeside, hasGraphs } from "./graph-route.ts";
import { Mark } from "./parts.tsx";
import { formatRoute, go, route } from "./route.ts";
import { groups } from "./states.ts";
import { clusterState } from "./store.ts";
import { countGroups, sortedServices } from "./view.ts";

const counts = computed(() => countGroups(clusterState.value.tasks.values()));
const collator = new Intl.Collator(undefined, { numeric: true });
// Compared as texts, so that a change of a task leaves the long lists of choices alone.
const serviceNames = computed(() => JSON.stringify(sortedServices(clusterState.value.services).map((one) => one.name)));
// A node that joined again is there twice until the old one is removed, and both are looked at by their name.
const nodeNames = computed(() => {
  const names = new Set([...clusterState.value.nodes.values()].map((one) => nodeName(one, one.id)));
  return JSON.stringify([...names].sort(collator.compare));
});

function Choice(props: { readonly of: "service" | "node"; readonly label: string; readonly names: string }) {
  const chosen = route.value[props.of];
  const names = JSON.parse(props.names) as readonly string[];
  return (
    <label>
      <span class="hidden">{props.label}</span>
      <select
        value={chosen}
        onChange={(event) => {
          go({ [props.of]: event.currentTarget.value });
        }}
      >
        <option value="">{props.label}: all</option>
        {chosen && !names.includes(chosen) && <option value={chosen}>{chosen} (not there)</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Filters: words, service, node and state. */
export function Filters() {
  const { q, service, node, state } = route.value;
  return (
    <search class="filters">
      <label>
        <span class="hidden">Search tasks</span>
        <input
          id="search"
          type="search"
          placeholder="Search  /"
          value={q}
          onInput={(event) => {
            go({ q: event.currentTarget.value }, "replace");
          }}
        />
      </label>
      <Choice of="service" label="Service" names={serviceNames.value} />
      <Choice of="node" label="Node" names={nodeNames.value} />
      <div role="group" aria-label="State" class="states">
        {groups.map((group) => (
          <button
            key={group}
            type="button"
            aria-pressed={state === group}
            onClick={() => {
              go({ state: state === group ? "" : group });
            }}
          >
            <Mark of={group} /> {group} <b>{counts.value.get(group) ?? 0}</b>
          </button>
        ))}
      </div>
      <button
        type="button"
        class="as"
        aria-pressed={density.value === "tiles"}
        title="Show tasks as tiles instead of by name"
        onClick={() => {
          go({ as: density.value === "tiles" ? "names" : "tiles" });
        }}
      >
        Tiles
      </button>
      {hasGraphs.value && (
        <a class="button" href={formatRoute(graphsBeside(route.value))}>
          Graphs
        </a>
      )}
      {(q || service || node || state) && (
        <button
          type="button"
          onClick={() => {
            go({ q: "", service: "", node: "", state: "" });
          }}
        >
          Show all
        </button>
      )}
    </search>
  );
}
