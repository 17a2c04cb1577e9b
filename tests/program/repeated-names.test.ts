import { readFileSync } from "node:fs";
import { join } from "node:path";
import { autoscaleLabel } from "../../infra/service/docker-spec";
import { repository } from "../support/sources";

/** The apps are packages of their own, whose images have none of this one's files. */
test.each(["apps/steward/src/autoscale/policy.ts", "apps/exporter/internal/swarm/families.go"])(
  "%s finds policies in the label that services have",
  (file) => {
    const [, label] =
      /(?:autoscaleLabel|policyLabel) = "([^"]+)"/.exec(readFileSync(join(repository, file), "utf8")) ?? [];
    expect(label).toBe(autoscaleLabel);
  },
);
