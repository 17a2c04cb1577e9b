import UPlot from "uplot";
import type { Graph, Unit } from "../../shared/graphs.ts";
import { lookOf, stepsIn } from "./summary.ts";
import { stepsOf, tickText, topOf, valueText } from "./units.ts";

/** A moment that a graph marks, in milliseconds, with one of the page's colours. */
export interface PlotMark {
  readonly at: number;
  readonly colour: "good" | "warn" | "bad" | "soft" | "link";
}

/** A graph's content. */
export interface Plotted {
  readonly graph: Graph;
  readonly unit: Unit;
  readonly marks: readonly PlotMark[];
}

/** A graph on the page. */
export interface Plot {
  /** Shows other data; the number of lines may be another. */
  readonly show: (content: Plotted) => void;
  /** Moves the line of the pointer to a step, or away. */
  readonly pointAt: (step: number | undefined) => void;
  readonly resize: (width: number) => void;
  readonly remove: () => void;
}

const height = 150;
const axisWidth = 62;

/** The page's own colours as a canvas takes them: what a style resolves to now, in light or dark. */
function colours(into: HTMLElement): (name: string, className?: string) => string {
  return (name, className = "") => {
    const probe = document.createElement("span");
    probe.className = className;
    probe.style.color = `var(--${name})`;
    into.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

function linesOf({ series }: Graph, colour: ReturnType<typeof colours>): UPlot.Series[] {
  const points = { size: 4 };
  return series.map(({ isBound }, i) => {
    const { tint, isDashed } = lookOf(i);
    if (isBound) return { stroke: colour("soft"), width: 1.5, dash: [2, 3], points: { show: false } };
    return { stroke: colour("tint", `t${String(tint)}`), width: 1.5, points, ...(isDashed && { dash: [6, 4] }) };
  });
}

function drawMarks(plot: UPlot, marks: readonly PlotMark[], colour: ReturnType<typeof colours>): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.at / 1000, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = colour(mark.colour);
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(mark.colour === "link" ? [] : [2, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const size = 4 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + size * 1.6);
    ctx.fill();
  }
  ctx.restore();
}

/** Lines as far as their looks depend on it. */
const looksOf = ({ graph }: Plotted): string => JSON.stringify(graph.series.map(({ isBound }) => isBound));

const dataOf = (graph: Graph): UPlot.AlignedData => [
  Array.from({ length: stepsIn(graph) }, (_, step) => (graph.from + step * graph.stepMs) / 1000),
  ...graph.series.map(({ values }) => [...values]),
];

function make(into: HTMLElement, shown: () => Plotted, onPoint: (step: number | undefined) => void): UPlot {
  const colour = colours(into);
  const { graph, unit } = shown();
  const grid = { stroke: colour("line"), width: 1 };
  const axis = { stroke: colour("soft"), font: "11px system-ui, sans-serif", grid, ticks: { ...grid, size: 4 } };
  const incrs = stepsOf(unit);
  const plot = new UPlot(
    {
      width: Math.max(120, into.clientWidth),
      height,
      padding: [8, 22, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { y: { range: (_, __, highest) => [0, topOf(highest, unit)] } },
      axes: [
        {
          ...axis,
          size: 30,
          space: 70,
          values: (_, ticks, __, ___, apart) => ticks.map((at) => tickText(at * 1000, apart * 1000)),
        },
        {
          ...axis,
          size: axisWidth,
          space: 28,
          ...(incrs && { incrs }),
          values: (_, ticks) => ticks.map((value) => valueText(value, unit)),
        },
      ],
      series: [{}, ...linesOf(graph, colour)],
      hooks: { draw: [(drawn) => drawMarks(drawn, shown().marks, colour)] },
    },
    dataOf(graph),
    into,
  );
  // Not the hook `setCursor`: data and sizes call it too, and would take the moment away to which a key went.
  for (const event of ["mousemove", "mouseleave"])
    plot.over.addEventListener(event, () => {
      onPoint(plot.cursor.idx ?? undefined);
    });
  return plot;
}

/** Draws a graph in an element, with the colours of now; `onPoint` hears at which step the pointer is. */
export function draw(into: HTMLElement, first: Plotted, onPoint: (step: number | undefined) => void): Plot {
  let content = first;
  let plot = make(into, () => content, onPoint);
  return {
    show: (next) => {
      const isSame = looksOf(next) === looksOf(content);
      content = next;
      if (isSame) plot.setData(dataOf(next.graph));
      else {
        plot.destroy();
        plot = make(into, () => content, onPoint);
      }
    },
    pointAt: (step) => {
      if (step === (plot.cursor.idx ?? undefined)) return;
      const { from, stepMs } = content.graph;
      const left = step === undefined ? -10 : plot.valToPos((from + step * stepMs) / 1000, "x");
      plot.setCursor({ left, top: step === undefined ? -10 : 0 }, false);
    },
    resize: (width) => {
      plot.setSize({ width: Math.max(120, width), height });
    },
    remove: () => {
      plot.destroy();
    },
  };
}
