import { sources } from "../support/sources";

describe("infra/index.ts", () => {
  const files = sources("infra");
  const barrel = files.find(({ path }) => path === "infra/index.ts")?.text ?? "";

  test("is the only file that re-exports, and no part of the program imports it", () => {
    const exporting = sources("infra", "stacks", "index.ts").filter(({ text }) => /^export [^;]*? from "/m.test(text));
    expect(exporting.map(({ path }) => path)).toEqual(["infra/index.ts"]);
    const importing = sources("infra", "stacks", "index.ts", "cli").filter(({ text }) =>
      /from "[./]*\/infra(\/index)?"/.test(text),
    );
    expect(importing.map(({ path }) => path)).toEqual([]);
  });

  test("exports nothing without a description", () => {
    const exported = [...barrel.matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/([^"]+)"/gm)].flatMap(
      ([, names = "", file = ""]) =>
        names.split(",").map((name) => [name.trim().replace(/^type /, ""), `infra/${file}.ts`] as const),
    );
    expect(exported.length).toBeGreaterThan(40);
    const silent = exported.filter(([name, file]) => {
      const text = files.find(({ path }) => path === file)?.text ?? "";
      return !new RegExp(`\\*/\\nexport (?:class|interface|type|function|const) ${name}\\b`).test(text);
    });
    expect(silent).toEqual([]);
  });
});
