import type { CloudImage } from "../images/guest-image";
import { scripts } from "./scripts";

/**
 * A shell script that prints the path of a cloud image whose checksum is right, and downloads it first if its source is a URL.
 * The next run continues a download that was interrupted; of several runs in parallel, one downloads.
 */
export function cloudImageFile({ source, sha256 }: CloudImage, cache: string): string {
  const image = { SOURCE: source, SHA256: sha256 };
  return source.startsWith("/")
    ? scripts("local-image.sh", image)
    : scripts("download-image.sh", { ...image, FOLDER: `${cache}/cloud` });
}
