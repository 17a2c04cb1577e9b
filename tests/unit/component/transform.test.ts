import { transformed, type Transform } from "../../../infra/component/transform";

interface Args {
  readonly name: string;
  image?: string;
  labels?: string[];
}

interface Opts {
  protect?: boolean;
}

const args: Args = { name: "a", image: "web:1" };
const opts: Opts = {};

const run = (transform: Transform<Args, Opts> | undefined) => transformed(transform, "web", args, opts);

test("without a transform a child is as the component declares it", () => {
  expect(run(undefined)).toEqual(["web", args, opts]);
});

test("arguments replace those of the component", () => {
  expect(run({ image: "web:2", labels: ["x"] })).toEqual(["web", { name: "a", image: "web:2", labels: ["x"] }, opts]);
});

test("a function changes arguments and options, and sees the child's name", () => {
  const names: string[] = [];
  const changed = run((its, options, name) => {
    names.push(name);
    its.image = `${its.image ?? ""}-alpine`;
    options.protect = true;
  });
  expect([names, changed]).toEqual([["web"], ["web", { name: "a", image: "web:1-alpine" }, { protect: true }]]);
});

test("the component's arguments are not modified: another child may share them", () => {
  run((its, options) => {
    its.image = "other";
    options.protect = true;
  });
  expect([args, opts]).toEqual([{ name: "a", image: "web:1" }, {}]);
});
