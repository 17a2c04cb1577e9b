import ts from "typescript";
import { expectNone } from "../support/expect-none";
import { sources } from "../support/sources";

const files = sources("infra", "stacks").map(({ path, text }) => ({
  path,
  tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
}));

/** Everything with parameters, below a node of the syntax tree. */
function signaturesBelow(node: ts.Node): ts.SignatureDeclaration[] {
  const below: ts.SignatureDeclaration[] = [];
  node.forEachChild((child) => {
    below.push(...signaturesBelow(child));
  });
  return ts.isFunctionLike(node) ? [node, ...below] : below;
}

/** The names of parameters; one that is taken apart is named `args`. */
function namesOf({ parameters }: ts.SignatureDeclaration): string[] {
  return parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : "args"));
}

const signatures = files.flatMap(({ path, tree }) =>
  signaturesBelow(tree).map((node) => ({
    at: `${path}:${String(tree.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`,
    node,
    names: namesOf(node),
  })),
);

test("a component has the parameters of Pulumi's resources", () => {
  const constructors = signatures.filter(
    ({ node }) =>
      ts.isConstructorDeclaration(node) &&
      node.parent.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource")),
  );
  expect(constructors.length).toBeGreaterThan(15);
  expectNone(
    constructors
      .filter(({ names }) => names.join() !== "name,args,opts")
      .map(({ at, names }) => `${at}: ${names.join()}`),
    "A component is constructed with (name, args, opts).",
  );
});

test("what creates resources below a parent is called with name, args and parent", () => {
  const withParent = signatures.filter(({ node }) =>
    node.parameters.some(({ type }) => type && /^pulumi\.(Component)?Resource$/.test(type.getText())),
  );
  const creating = withParent.filter(({ names }) => names.includes("parent"));
  expect(creating.length).toBeGreaterThan(15);
  expectNone(
    creating
      .filter(({ names }) => !["name,args,parent", "name,parent"].includes(names.join()))
      .map(({ at, names }) => `${at}: ${names.join()}`),
    "A function or class that is no component is called with (name, args, parent); what it needs besides is in args.",
  );
});
