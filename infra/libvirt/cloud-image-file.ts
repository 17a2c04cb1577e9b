import { shellQuote } from "../remote/shell";
import type { CloudImage } from "../images/guest";

/** How often curl tries again on its own after a timeout or an answer such as 503; every `up` goes on after that. */
const retries = 3;

/**
 * A shell script that prints the path of a cloud image whose checksum is right, and downloads it first if it is an
 * address. A download that was cut is continued by the next run; of several runs at once, one downloads.
 */
export function cloudImageFile(image: CloudImage, cache: string): string {
  return image.source.startsWith("/") ? localFile(image) : download(image, `${cache}/cloud`);
}

function localFile({ source, sha256 }: CloudImage): string {
  return lines(
    "set -eu",
    isRight(sha256),
    `is_right ${shellQuote(source)} || {`,
    `  echo ${shellQuote(`image.sha256 does not match ${source}: check both`)} >&2; exit 1; }`,
    `printf %s ${shellQuote(source)}`,
  );
}

function download({ source, sha256 }: CloudImage, folder: string): string {
  const mismatch = `image.sha256 does not match what ${source} gives: check both; the file is removed, and downloaded again next time`;
  const cut = `${source} could not be downloaded; what arrived is kept, and ./farm up continues it`;
  return lines(
    "set -eu",
    isRight(sha256),
    `mkdir -p ${shellQuote(folder)}`,
    `file=${shellQuote(`${folder}/${sha256}.qcow2`)} source=${shellQuote(source)}`,
    `fetch() { curl -fsSL --retry ${String(retries)} -o "$file.part" "$@" "$source"; }`,
    "{",
    "  flock 9",
    '  if ! is_right "$file"; then',
    '    rm -f "$file"',
    // A part that is whole already cannot be continued.
    '    is_right "$file.part" || fetch -C - || case $? in',
    // The server refuses to continue: from the beginning.
    '      22 | 33 | 36) rm -f "$file.part"; fetch ;;',
    `      *) echo ${shellQuote(cut)} >&2; exit 1 ;;`,
    "    esac",
    `    is_right "$file.part" || { rm -f "$file.part"; echo ${shellQuote(mismatch)} >&2; exit 1; }`,
    '    mv "$file.part" "$file"',
    "  fi",
    '} 9>"$file.lock"',
    'printf %s "$file"',
  );
}

/** A shell function; a file that is not there is not right. */
function isRight(sha256: string): string {
  return `is_right() { echo "${sha256}  $1" | sha256sum --check --status 2>/dev/null; }`;
}

function lines(...all: readonly string[]): string {
  return all.join("\n");
}
