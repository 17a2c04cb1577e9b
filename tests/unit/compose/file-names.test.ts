import { service } from "../../support/compose/cases";
import { read } from "../../support/compose/compare";
import { refusedOf } from "../../support/compose/refused";
import { inFolder } from "../../support/compose/stack-deploy";

const named = (name: string) => service("configs: [a]", `configs: {a: {content: x, name: ${name}}}`);

test.each([
  ["n".repeat(51), /^n{51}$/],
  ["n".repeat(52), /^n{42}-[0-9a-f]{8}$/],
  ["n".repeat(64), /^n{42}-[0-9a-f]{8}$/],
])("a config named %s leaves room for the hash of its content", async (written, name) => {
  const one = named(written);
  const { application, findings } = await inFolder(one.files, (folder) => read(folder, one));
  const [config] = application?.configs ?? [];
  expect(config?.name).toMatch(name);
  expect(application?.services[0]?.configs[0]?.name).toBe(config?.name);
  const hints = findings.filter(({ path, reason }) => path === "configs.a" && reason !== undefined);
  expect(hints.map(({ reason = "" }) => reason.includes(config?.name ?? "-"))).toEqual(
    written.length > 51 ? [true] : [],
  );
});

test("two long names that begin alike are two", async () => {
  const long = "n".repeat(55);
  const one = service("configs: [a, b]", `configs: {a: {content: x, name: ${long}1}, b: {content: x, name: ${long}2}}`);
  const { application } = await inFolder(one.files, (folder) => read(folder, one));
  expect(new Set(application?.configs.map(({ name }) => name)).size).toBe(2);
});

test("what Swarm does not take is refused", async () => {
  expect(await refusedOf(named("n".repeat(65)))).toEqual([
    `compose.yaml:5: configs.a: the name '${"n".repeat(65)}' has 65 letters, and 64 fit; shorten it, or set 'name'`,
  ]);
});

test("an external config keeps its name", async () => {
  const one = service("configs: [a]", `configs: {a: {external: true, name: ${"n".repeat(64)}}}`);
  const { application } = await inFolder(one.files, (folder) => read(folder, one));
  expect(application?.configs[0]?.name).toBe("n".repeat(64));
});
