import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Reads the complete lines that were appended to a file since the last call. */
export function follow(file: string): () => string[] {
  let offset = 0;
  let rest = "";
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(2 ** 16);
  return () => {
    if (!existsSync(file)) return [];
    const handle = openSync(file, "r");
    try {
      for (let count; (count = readSync(handle, buffer, 0, buffer.length, offset)) > 0; offset += count)
        rest += decoder.write(buffer.subarray(0, count));
    } finally {
      closeSync(handle);
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "");
  };
}
