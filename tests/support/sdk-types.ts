import { readFileSync } from "node:fs";
import ts from "typescript";

/** The interfaces of a Pulumi SDK's declaration files, by name. */
export type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

export function readInterfaces(...files: readonly string[]): Interfaces {
  const found = new Map<string, ts.InterfaceDeclaration>();
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    source.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    });
  }
  return found;
}

/** Every input that an interface of arguments takes, in the form of `schemaInputs`. */
export function sdkInputs(interfaces: Interfaces, name: string, prefix = ""): string[] {
  const declared = interfaces.get(name);
  if (!declared) throw new Error(`the SDK has no interface '${name}'`);
  const lines = declared.members.filter(ts.isPropertySignature).flatMap((member) => {
    const path = `${prefix}${member.name.getText()}`;
    const { text, object } = described(member.type);
    const nested = object === undefined ? [] : sdkInputs(interfaces, object, `${path}.`);
    return [`${path}${member.questionToken ? "?" : ""}: ${text}`, ...nested];
  });
  return lines.sort();
}

/** A type in words, without what Pulumi wraps it in, and the name of the interface in it. */
function described(type: ts.TypeNode | undefined): { text: string; object?: string | undefined } {
  if (!type) return { text: "unknown" };
  if (ts.isUnionTypeNode(type))
    return described(type.types.find((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword));
  if (ts.isArrayTypeNode(type)) return of("list", type.elementType);
  if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members;
    return of("map", index && ts.isIndexSignatureDeclaration(index) ? index.type : undefined);
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    return name === "pulumi.Input"
      ? described(type.typeArguments?.[0])
      : { text: "object", object: name.replace("inputs.", "") };
  }
  return { text: type.getText() };
}

function of(container: string, element: ts.TypeNode | undefined): { text: string; object?: string | undefined } {
  const { text, object } = described(element);
  return { text: `${container} of ${text}`, object };
}
