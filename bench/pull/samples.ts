import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Case } from "./cases";
import type { Cost } from "./cost";

/** One measurement of a case. */
export interface Sample extends Case {
  /** None if the image was there. */
  readonly pull?: Cost;
  /** None if its container was not started. */
  readonly start?: Cost;
  /** Bytes of the image's own layers, as they are sent. */
  readonly own: number;
}

/** Measurements in a file, a line of JSON each, so that a run that ended early goes on where it was. */
export class Samples {
  private readonly kept: Sample[];

  constructor(private readonly file: string) {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    this.kept = lines.map((line) => JSON.parse(line) as Sample);
  }

  add(sample: Sample): void {
    this.kept.push(sample);
    appendFileSync(this.file, `${JSON.stringify(sample)}\n`);
  }

  /** Those of a case. */
  of({ image, store, transfer }: Case): readonly Sample[] {
    return this.kept.filter((each) => each.image === image && each.store === store && each.transfer === transfer);
  }
}
