import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Graph, type GraphAnswer, type PanelInfo, type PanelId, ranges, steps } from "../shared/graphs.ts";
import { graphPath, readGraph } from "./graph-data.ts";
import { marksOf } from "./graph-marks.ts";
import { GraphPlot } from "./graph-plot.tsx";
import type { GraphView } from "./graph-route.ts";
import { Mark, Name } from "./parts.tsx";
import { isEmpty, isZero, lookOf, stepAt, summaryOf } from "./plot/summary.ts";
import { momentText, valueText } from "./plot/units.ts";
import { route } from "./route.ts";
import { activity, clusterState } from "./store.ts";

/** A scrape is no more frequent. */
const refreshMs = 30_000;

type Panel = PanelInfo & { readonly id: PanelId };

function Table(props: { readonly panel: Panel; readonly graph: Graph; readonly point: number | undefined }) {
  const { panel, graph, point } = props;
  const step = stepAt(graph, point);
  const text = (value: number | undefined) => (value === undefined ? "–" : valueText(value, panel.unit));
  return (
    <div class="values" tabIndex={0} role="region" aria-label={`${panel.title}: values`}>
      <table>
        <caption class="hidden">{panel.title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Line</span>
            </th>
            <th scope="col">{step === undefined ? "latest" : momentText(graph.from + step * graph.stepMs)}</th>
            <th scope="col">lowest</th>
            <th scope="col">highest</th>
          </tr>
        </thead>
        <tbody>
          {graph.series.map((series, i) => {
            const { tint, isDashed } = lookOf(i);
            const { name, value, lowest, highest } = summaryOf(series, step);
            const look = series.isBound ? "bound" : `t${tint} ${isDashed ? "dashed" : ""}`;
            return (
              <tr key={name}>
                <th scope="row">
                  <span class={`swatch ${look}`} aria-hidden="true" /> <Name text={name} />
                </th>
                <td>{text(value)}</td>
                <td>{text(lowest)}</td>
                <td>{text(highest)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Content(props: {
  readonly panel: Panel;
  readonly answer: GraphAnswer | undefined;
  readonly at: number | undefined;
  readonly point: Signal<number | undefined>;
}) {
  const { panel, answer, at, point } = props;
  const marks = useComputed(() => marksOf(activity.value, route.value, clusterState.value.services, at));
  if (answer === undefined) return <p class="note">Reading…</p>;
  if ("problem" in answer)
    return (
      <p class="note">
        <Mark of="warn" /> No graph: {answer.problem}.
      </p>
    );
  if (isEmpty(answer)) return <p class="note">There are no data for this time.</p>;
  if (panel.allZero !== undefined && isZero(answer)) return <p class="note">{panel.allZero}</p>;
  const lines = answer.series.filter(({ isBound }) => !isBound).length;
  return (
    <>
      <GraphPlot
        title={panel.title}
        content={{ graph: answer, unit: panel.unit, marks: marks.value }}
        point={point}
        at={at}
      />
      <Table panel={panel} graph={answer} point={point.value ?? at} />
      {answer.cut > 0 && (
        <p class="note">
          {lines} of {lines + answer.cut} lines: the {panel.keep ?? "highest"}.
        </p>
      )}
    </>
  );
}

/** One graph with its values, read again as time goes by. */
export function GraphPanel(props: {
  readonly panel: Panel;
  readonly view: GraphView;
  readonly point: Signal<number | undefined>;
}) {
  const { panel, view, point } = props;
  const answer = useSignal<GraphAnswer | undefined>(undefined);
  const busy = useSignal(true);
  const path = graphPath(panel.id, view);
  useEffect(() => {
    let ended = false;
    const read = async (): Promise<void> => {
      const next = await readGraph(path);
      if (ended) return;
      answer.value = next;
      busy.value = false;
    };
    busy.value = true;
    void read();
    const again =
      view.at === undefined || view.at + ranges[view.range] / 2 > Date.now()
        ? setInterval(
            () => {
              if (!document.hidden) void read();
            },
            Math.max(refreshMs, ranges[view.range] / steps / 4),
          )
        : undefined;
    return () => {
      ended = true;
      clearInterval(again);
    };
  }, [path]);
  return (
    <section class="graph" aria-labelledby={panel.id} aria-busy={busy.value}>
      <h3 id={panel.id}>{panel.title}</h3>
      <Content panel={panel} answer={answer.value} at={view.at} point={point} />
    </section>
  );
}
