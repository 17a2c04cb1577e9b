import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { farmLogging } from "../../infra/service/farm-service";
import type { Logging } from "../../infra/service/spec/logging";

/** When Docker rotates a file, and how many it keeps. */
export interface Rotation {
  readonly bytes: number;
  readonly files: number;
}

/** The rotation of the farm's services, or of other options. Docker's `m` is a million. @throws Error if the size is not in millions */
export function rotationOf(options: Logging["options"] = farmLogging.options): Rotation {
  const [size, files] = [options?.["max-size"], options?.["max-file"]];
  const millions = typeof size === "string" ? /^(\d+)m$/.exec(size)?.[1] : undefined;
  if (millions === undefined)
    throw new Error(`max-size ${JSON.stringify(size)} is not in millions of bytes: give it as "10m"`);
  return { bytes: Number(millions) * 1e6, files: Number(files) };
}

/** The files of a container, written and rotated as Docker's driver `json-file` does it: a full file is renamed before the next line. */
export class DockerLog {
  readonly #file: string;
  #descriptor: number;
  #bytes = 0;

  constructor(
    containers: string,
    readonly tag: string,
    private readonly rotation: Rotation,
  ) {
    const id = Buffer.from(tag).toString("hex").padEnd(64, "0");
    mkdirSync(join(containers, id), { recursive: true });
    this.#file = join(containers, id, `${id}-json.log`);
    this.#descriptor = openSync(this.#file, "w", 0o640);
  }

  /** Writes lines of a task. Docker writes each alone; those of a call are one write here, except where the file is rotated. */
  print(messages: readonly string[]): void {
    const time = new Date().toISOString().slice(0, -1);
    let text = "";
    messages.forEach((message, at) => {
      const log = `${JSON.stringify(`${message}\n`)},"stream":"stdout","attrs":{"tag":"${this.tag}"}`;
      text += `{"log":${log},"time":"${time}${String(at % 1e6).padStart(6, "0")}Z"}\n`;
      // Characters are bytes: messages are ASCII.
      if (this.#bytes + text.length < this.rotation.bytes) return;
      this.#write(text);
      text = "";
      this.#rotate();
    });
    this.#write(text);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(text: string): void {
    if (text !== "") writeSync(this.#descriptor, text);
    this.#bytes += text.length;
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    const { files } = this.rotation;
    const kept = (number: number) => (number === 0 ? this.#file : `${this.#file}.${String(number)}`);
    rmSync(kept(files - 1), { force: true });
    for (let number = files - 1; number > 0; number -= 1) {
      try {
        renameSync(kept(number - 1), kept(number));
      } catch (error) {
        // There are fewer files yet.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    this.#descriptor = openSync(this.#file, "w", 0o640);
    this.#bytes = 0;
  }
}
