import fc from "fast-check";
import { load } from "js-yaml";
import { withEntry, withoutEntry } from "../../../../cli/stack/entry";
import { shippedConfig } from "../../../live/farm";

test("an entry leaves the rest of a configuration unchanged, whatever its values", () => {
  const before = `# of the farm\n${shippedConfig()}`;
  const texts = fc.record({
    file: fc.string({ minLength: 1 }),
    variables: fc.dictionary(fc.stringMatching(/^[A-Z]{1,5}$/), fc.string()),
  });
  fc.assert(
    fc.property(texts, (entry) => {
      const added = withEntry(before, "shop", entry);
      const { config } = load(added) as { config: Record<string, unknown> };
      const { shop } = config["swarm-farm:stacks"] as Record<string, object>;
      const { variables, ...rest } = entry;
      expect(shop).toEqual(Object.keys(variables).length === 0 ? rest : entry);
      expect(withoutEntry(added, "shop")).toBe(before);
    }),
  );
});
