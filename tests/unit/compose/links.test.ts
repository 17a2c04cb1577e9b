import { read } from "../../support/compose/compare";
import { file } from "../../support/compose/refused";
import type { Case } from "../../support/compose/cases";
import { inFolder } from "../../support/compose/stack-deploy";

async function readIt(one: Case) {
  const result = await inFolder(one.files, (folder) => read(folder, one));
  expect(result.findings.filter(({ outcome }) => outcome === "refused")).toEqual([]);
  return result;
}

test("an alias of a link becomes one of the networks that both are on", async () => {
  const { application } = await readIt(
    file(
      "services: {a: {image: a, links: ['b:database', b], networks: [x]}, b: {image: b, networks: [x, y]}}\nnetworks: {x: , y: }",
    ),
  );
  expect(application?.services[1]?.networks.map(({ aliases }) => aliases)).toEqual([["database", "b"], ["b"]]);
});

test("an external link to a service of the files is one", async () => {
  const { application } = await readIt(
    file("services: {a: {image: a, external_links: ['b:b.example.com']}, b: {image: b}}"),
  );
  expect(application?.services[1]?.networks[0]?.aliases).toEqual(["b.example.com", "b"]);
});

test("an external link to another stack is refused", async () => {
  const one = file("services: {a: {image: a, external_links: ['b:c']}}");
  const { findings } = await inFolder(one.files, (folder) => read(folder, one));
  expect(findings.filter(({ outcome }) => outcome === "refused").map(({ path, reason }) => [path, reason])).toEqual([
    ["services.a.external_links[0]", "there is no service of 'b:c' in these files, and links reach no other stack"],
  ]);
});
