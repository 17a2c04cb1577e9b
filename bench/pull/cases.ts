import { encodings, type Encoding } from "./encodings";

/** The content of the node's store before: the image itself, as shipped; the base below it; nothing. */
export type Store = "image" | "base" | "nothing";

/** How an image comes to the node: as `./farm setup` builds it, in another encoding, or without TLS. */
export type Transfer = "shipped" | "no TLS" | Encoding;

/** A measured way from a store to a running container. */
export interface Case {
  readonly image: string;
  readonly store: Store;
  readonly transfer: Transfer;
  /** Whether its container is started; another encoding starts as the shipped one does. */
  readonly starts: boolean;
}

/** An image of the farm, as the choice of cases needs it. */
export interface Measured {
  readonly name: string;
  /** Whether it stands on the base. */
  readonly onBase: boolean;
  /** Whether the guest image has it. */
  readonly preloaded: boolean;
  /** Whether each alternative is measured. */
  readonly alternatives: boolean;
}

/**
 * The cases in their order, by the store that they begin with: each image as it is shipped, where it is in the guest image; with the base;
 * with nothing. One that does not stand on the base has no second. Alternatives are measured with what the store has of the image on a node.
 */
export function casesOf(images: readonly Measured[]): readonly Case[] {
  const shipped = images.filter(({ preloaded }) => preloaded);
  const onBase = images.filter((image) => image.onBase);
  return [
    ...shipped.map(({ name }) => ({
      image: name,
      store: "image" as const,
      transfer: "shipped" as const,
      starts: true,
    })),
    ...onBase.flatMap((image) => transfersOf(image, "base")),
    ...images.flatMap((image) =>
      transfersOf({ ...image, alternatives: image.alternatives && !image.onBase }, "nothing"),
    ),
  ];
}

function transfersOf({ name, alternatives }: Measured, store: Store): readonly Case[] {
  const others: readonly Transfer[] = alternatives ? ["no TLS", ...encodings] : [];
  return [
    { image: name, store, transfer: "shipped", starts: true },
    ...others.map((transfer) => ({ image: name, store, transfer, starts: false })),
  ];
}
