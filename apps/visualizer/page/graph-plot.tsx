import { effect, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { momentText, valueText } from "./plot/units.ts";
import type { Plot, Plotted } from "./plot/draw.ts";
import { stepAt, stepsIn, summaryOf } from "./plot/summary.ts";

/** Browsers without a canvas still have the table. */
const hasCanvas = (): boolean => Boolean(document.createElement("canvas").getContext("2d"));

/** Moves a step with an arrow, ten with the pages' keys, and to an end; undefined for another key. */
export function stepByKey(key: string, step: number, last: number): number | undefined {
  const next = {
    ArrowLeft: step - 1,
    ArrowRight: step + 1,
    PageDown: step - 10,
    PageUp: step + 10,
    Home: 0,
    End: last,
  }[key];
  return next === undefined ? undefined : Math.max(0, Math.min(last, next));
}

/**
 * The lines of a graph. It is a slider over time: by pointer or arrows one goes to a moment, which all graphs of the page then
 * show.
 *
 * @param point the moment that all graphs show, in milliseconds; undefined for their end
 */
export function GraphPlot(props: {
  readonly title: string;
  readonly content: Plotted;
  readonly point: Signal<number | undefined>;
  /** The moment that they show otherwise. Default: their end. */
  readonly at: number | undefined;
}) {
  const { title, content, point, at } = props;
  const { graph, unit } = content;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const latest = useRef(content);
  latest.current = content;
  const goTo = (step: number | undefined): void => {
    const { from, stepMs } = latest.current.graph;
    point.value = step === undefined ? undefined : from + step * stepMs;
  };

  useEffect(() => {
    const { current: into } = box;
    if (!into || !hasCanvas()) return;
    let ended = false;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const resized = new ResizeObserver(() => plot.current?.resize(into.clientWidth));
    let stop: () => void = () => undefined;
    const begin = async (): Promise<void> => {
      const { draw } = await import("./plot/draw.ts");
      if (ended) return;
      plot.current?.remove();
      const drawn = draw(into, latest.current, goTo);
      plot.current = drawn;
      resized.observe(into);
      stop();
      stop = effect(() => {
        drawn.pointAt(stepAt(latest.current.graph, point.value));
      });
    };
    // After an update the server has this file under another name; the table stays, and a reload brings the drawing.
    const again = () => void begin().catch(() => undefined);
    scheme.addEventListener("change", again);
    again();
    return () => {
      ended = true;
      scheme.removeEventListener("change", again);
      resized.disconnect();
      stop();
      plot.current?.remove();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => {
    plot.current?.show(content);
    plot.current?.pointAt(stepAt(content.graph, point.value));
  }, [content.graph, content.marks]);

  const last = stepsIn(graph) - 1;
  const step = stepAt(graph, point.value ?? at) ?? last;
  const values = graph.series
    .map((series) => summaryOf(series, step))
    .map(({ name, value }) => `${name} ${value === undefined ? "no value" : valueText(value, unit)}`);
  return (
    <div
      ref={box}
      class="plot"
      role="slider"
      tabIndex={0}
      aria-label={`${title}, time`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={step}
      aria-valuetext={`${momentText(graph.from + step * graph.stepMs)}: ${values.join(", ")}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") goTo(undefined);
        const next = stepByKey(event.key, step, last);
        if (next === undefined) return;
        event.preventDefault();
        goTo(next);
      }}
      onBlur={() => {
        goTo(undefined);
      }}
    />
  );
}
