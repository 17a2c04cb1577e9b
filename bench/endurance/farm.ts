import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endGroup, RunningFarm } from "../running-farm";
import { parseReadings, type Sample } from "./sample";

/** An existing farm that is watched under load. */
export class WatchedFarm extends RunningFarm {
  /** Reads a node by one ssh. @param deep also folders that take long */
  async sample(node: string, deep: boolean): Promise<Sample> {
    const script = readFileSync(join(__dirname, "sample.sh"), "utf8");
    const text = await this.onNode(node, `sh -s${deep ? " deep" : ""}`, script);
    return { at: Date.now(), node, readings: parseReadings(text) };
  }

  /** Sends light load until the time is over or the result is called; counts answers by status. */
  load(seconds: number, urls: readonly string[], statuses: Map<string, number>): () => void {
    const args = ["run", "--stack", this.stack, "--", "sh", join(__dirname, "load.sh"), String(seconds), ...urls];
    const child = spawn(this.farm, args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
    child.on("error", (error) => {
      process.stderr.write(`the load did not start: ${error.message}\n`);
    });
    createInterface({ input: child.stdout }).on("line", (status) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    return () => {
      endGroup(child);
    };
  }
}
