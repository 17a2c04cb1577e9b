import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { panels, type Range, ranges, type RouteNames, type View, views } from "../shared/graphs.ts";
import { nodeName } from "../shared/names.ts";
import { readRoutes } from "./graph-data.ts";
import { GraphPanel } from "./graph-panel.tsx";
import { type GraphView, graphViewOf, hasGraphs, toGraphs } from "./graph-route.ts";
import { Name } from "./parts.tsx";
import { momentText } from "./plot/units.ts";
import { go, route } from "./route.ts";
import { clusterState } from "./store.ts";

const rangeTexts: Readonly<Record<Range, string>> = {
  "1h": "1 h",
  "6h": "6 h",
  "24h": "24 h",
  "7d": "7 d",
  "15d": "15 d",
};
const groupTexts: Readonly<Record<Exclude<View, "farm">, string>> = {
  node: "Nodes",
  service: "Services",
  route: "Routes",
};
const collator = new Intl.Collator(undefined, { numeric: true });

function Subjects({ shown, names }: { readonly shown: GraphView; readonly names: RouteNames }) {
  const { nodes, services } = clusterState.value;
  const all: Readonly<Record<Exclude<View, "farm">, readonly string[]>> = {
    node: [...nodes.values()].map((node) => nodeName(node, node.id)),
    service: [...services.values()].map(({ name }) => name),
    route: names.routes,
  };
  return (
    <label>
      <span class="hidden">Graphs of</span>
      <select
        id="graphs-of"
        value={`${shown.view}/${shown.subject}`}
        onChange={(event) => {
          const [, name = "", subject = ""] = /^(\w+)\/(.*)$/s.exec(event.currentTarget.value) ?? [];
          const view = views.find((one) => one === name) ?? "farm";
          go(toGraphs({ ...shown, view, subject }));
        }}
      >
        <option value="farm/">The whole farm</option>
        {(["node", "service", "route"] as const).map((view) => {
          const there = [...new Set(all[view])].sort(collator.compare);
          const isGone = shown.view === view && !there.includes(shown.subject);
          return (
            <optgroup key={view} label={groupTexts[view]}>
              {isGone && <option value={`${view}/${shown.subject}`}>{shown.subject}</option>}
              {there.map((name) => (
                <option key={name} value={`${view}/${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}

function Ranges({ shown }: { readonly shown: GraphView }) {
  return (
    <div role="group" aria-label="How far back" class="states">
      {Object.keys(ranges).map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={shown.range === range}
          onClick={() => {
            go({ range });
          }}
        >
          {rangeTexts[range as Range]}
        </button>
      ))}
    </div>
  );
}

function Bar({ shown }: { readonly shown: GraphView }) {
  const names = useSignal<RouteNames>({ routes: [] });
  useEffect(() => {
    void readRoutes().then((read) => (names.value = read));
  }, []);
  return (
    <div class="filters graph-bar">
      <button
        type="button"
        onClick={() => {
          go({ graphs: "", range: "", at: "", route: "" });
        }}
      >
        Tasks
      </button>
      <Subjects shown={shown} names={names.value} />
      <Ranges shown={shown} />
      {shown.at !== undefined && (
        <>
          <span class="around">around {momentText(shown.at)}</span>
          <button
            type="button"
            onClick={() => {
              go({ at: "" });
            }}
          >
            Until now
          </button>
        </>
      )}
    </div>
  );
}

/** The graphs of the farm, a node, a service or a route. */
export function Graphs() {
  const shown = graphViewOf(route.value);
  const point = useSignal<number | undefined>(undefined);
  if (!shown) return null;
  const { view, subject } = shown;
  return (
    <>
      <Bar shown={shown} />
      <section class="board graphs" aria-labelledby="graphs-title">
        <h2 id="graphs-title">
          Graphs of {view === "farm" ? "the whole farm" : `${view} `}
          {view !== "farm" && <Name text={subject} />}
        </h2>
        {hasGraphs.value === false && (
          <p class="note">
            This farm has no monitoring, from which graphs are made: its configuration needs monitoring.
          </p>
        )}
        {hasGraphs.value && (
          <div class="grid">
            {panels
              .filter((panel) => panel.view === view)
              .map((panel) => (
                <GraphPanel key={`${panel.id} ${subject}`} panel={panel} view={shown} point={point} />
              ))}
          </div>
        )}
      </section>
    </>
  );
}
