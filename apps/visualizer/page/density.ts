/** How much room a task gets: two lines, one line, or a tile. */
export type Density = "roomy" | "dense" | "tiles";

const tilesAbove = 440;
const namesBelow = 360;
const roomyPerNode = 14;

/**
 * The density for a number of shown tasks: few are shown in full, thousands are an overview in which only what is wrong
 * is spelled out. Between the two bounds it stays as it was, so that a page does not flicker.
 */
export function densityOf(shown: number, nodes: number, requested: string, before: Density): Density {
  const tiles = shown > tilesAbove || (shown >= namesBelow && before === "tiles");
  if (requested === "tiles" || (requested !== "names" && tiles)) return "tiles";
  return shown > roomyPerNode * Math.max(1, nodes) ? "dense" : "roomy";
}
