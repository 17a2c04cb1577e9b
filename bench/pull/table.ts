import { markdownTable } from "../../cli/base/markdown-table";
import type { Case } from "./cases";
import type { Sample } from "./samples";
import { both, medianCost, type Cost } from "./cost";

/** The cost of each round of a case. */
export interface Result {
  readonly measured: Case;
  /** Empty if the image was there. */
  readonly pulls: readonly Cost[];
  /** Empty if its container was not started. */
  readonly starts: readonly Cost[];
  /** Bytes of the image's own layers, as they are sent. */
  readonly own: number;
}

/** The samples of a case as a row of a table. */
export function resultOf(measured: Case, samples: readonly Sample[]): Result {
  return {
    measured,
    pulls: samples.flatMap(({ pull }) => pull ?? []),
    starts: samples.flatMap(({ start }) => start ?? []),
    own: samples[0]?.own ?? NaN,
  };
}

/** Sizes of an image in bytes. */
export interface Size {
  readonly image: string;
  /** As it is sent, with and without the layers of the base. */
  readonly whole: number;
  readonly own: number;
}

const none: Cost = { seconds: 0, bytes: 0, qemu: 0, docker: 0, containerd: 0 };
const stores = { image: "the image", base: "the base", nothing: "nothing" } as const;

/** Each image as it is shipped, from what the store has until its container is healthy. */
export function imageTable(results: readonly Result[]): string {
  const rows = results
    .filter(({ measured }) => measured.transfer === "shipped")
    .map(({ measured: { image, store }, pulls, starts }) => {
      const pull = pulls.length === 0 ? none : medianCost(pulls);
      const start = medianCost(starts);
      return [
        image,
        stores[store],
        ...(pulls.length === 0 ? ["0", "", "", "", ""] : pullCells(pull)),
        ...[start.seconds, start.qemu, start.docker, start.containerd].map(figure),
        `**${figure(both(pull, start).qemu)}**`,
      ];
    });
  return markdownTable(
    [
      ...["image", "in the store", "received, MB"],
      ...["pull, s", "CPU s", "dockerd", "containerd"],
      ...["start, s", "CPU s", "dockerd", "containerd", "**CPU s, both**"],
    ],
    rows,
  );
}

/** Each alternative, and its CPU time as a share of the shipped one's. */
export function alternativeTable(results: readonly Result[]): string {
  const alternatives = results
    .filter(({ measured }) => measured.transfer !== "shipped")
    .map(({ measured }) => measured);
  const images = [...new Set(alternatives.map(({ image }) => image))];
  const rows = images.flatMap((image) => {
    const store = alternatives.find((each) => each.image === image)?.store;
    const compared = results.filter(({ measured }) => measured.image === image && measured.store === store);
    const shipped = compared.find(({ measured }) => measured.transfer === "shipped");
    return compared.map(({ measured, pulls, own }) => {
      const pull = medianCost(pulls);
      const ratio = shipped === undefined ? "" : (pull.qemu / medianCost(shipped.pulls).qemu).toFixed(2);
      return [image, measured.transfer, megabytes(own), ...pullCells(pull), ratio];
    });
  });
  return markdownTable(
    ["image", "layer", "on disk, MB", "received, MB", "pull, s", "CPU s", "dockerd", "containerd", "÷ shipped"],
    rows,
  );
}

/** The sizes of each image, as it is kept and sent. */
export function sizeTable(sizes: readonly Size[]): string {
  return markdownTable(
    ["image", "compressed, MB", "without the base"],
    sizes.map(({ image, whole, own }) => [image, megabytes(whole), megabytes(own)]),
  );
}

function pullCells({ bytes, seconds, qemu, docker, containerd }: Cost): string[] {
  return [megabytes(bytes), ...[seconds, qemu, docker, containerd].map(figure)];
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
const figure = (seconds: number) => seconds.toFixed(1);
