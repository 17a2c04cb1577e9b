import fc from "fast-check";
import { serviceProblems } from "../../../infra/service/check";
import { dockerSpec } from "../../../infra/service/docker-spec";
import { refusedBy } from "../../support/provider-schema";
import { serviceSpec, shuffled } from "../../support/service-specs";

describe("any service", () => {
  test("that has no problem is one that the provider's schema accepts", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        fc.pre(serviceProblems("web", spec).length === 0);
        expect(refusedBy({ name: "web", ...dockerSpec(spec) })).toEqual([]);
      }),
    );
  });

  test("is the same bytes twice, in whatever order its maps were written", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        expect(JSON.stringify(dockerSpec(shuffled(spec)))).toBe(JSON.stringify(dockerSpec(spec)));
      }),
    );
  });

  test("hands no empty block to the provider, which would end it", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        const { taskSpec } = dockerSpec(spec);
        // These two the provider looks at before it reads them.
        expect(emptyBlocks(taskSpec).filter((path) => path !== ".resources")).toEqual([]);
      }),
    );
  });
});

/** Paths of objects that say nothing. */
function emptyBlocks(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const below = entries.flatMap(([key, each]) => emptyBlocks(each, `${path}.${key}`));
  return !Array.isArray(value) && entries.length === 0 ? [path, ...below] : below;
}
