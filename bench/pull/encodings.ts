/** How a layer is kept and sent. */
export interface Compressor {
  /** Shell text that turns a tar on standard input into the layer. */
  readonly command: string;
  /** OCI's. */
  readonly mediaType: string;
}

const layer = "application/vnd.oci.image.layer.v1.tar";
const gzip = (level: number) => ({ command: `gzip -n -${String(level)}`, mediaType: `${layer}+gzip` });
const zstd = (level: number) => ({ command: `zstd -q -${String(level)}`, mediaType: `${layer}+zstd` });

/** The alternatives to what images/build writes, which is buildah's own zstd at level 12. */
export const compressors = {
  "gzip -1": gzip(1),
  "gzip -6": gzip(6),
  "gzip -9": gzip(9),
  "zstd -1": zstd(1),
  "zstd -3": zstd(3),
  "zstd -19": zstd(19),
  none: { command: "cat", mediaType: layer },
} as const satisfies Readonly<Record<string, Compressor>>;

/** Names of the alternatives. */
export type Encoding = keyof typeof compressors;

/** All of them. */
export const encodings = Object.keys(compressors) as readonly Encoding[];
