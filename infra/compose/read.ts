import { describe, readCompose, type ComposeApplication, type ComposeInput, type Finding } from "../../compose";
import { counted } from "../config/counted";
import { ProgramError } from "../config/program-error";
import { applicationProblems } from "./problems";
import { remarksOf } from "./remarks";

/** Compose files that can be deployed, with what a person should know, or everything that is wrong with them. */
export type ReadApplication =
  | { readonly kind: "application"; readonly application: ComposeApplication; readonly remarks: readonly Finding[] }
  | { readonly kind: "refused"; readonly problems: readonly Finding[] };

/** Reads compose files, and checks what Swarm and the provider can make of them. It changes nothing and needs no swarm. */
export function readApplication(input: ComposeInput): ReadApplication {
  const { application, findings } = readCompose(input);
  const problems = [
    ...findings.filter(({ outcome }) => outcome === "refused"),
    ...(application ? applicationProblems(application, findings) : []),
  ].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  if (!application || problems.length > 0) return { kind: "refused", problems };
  return { kind: "application", application, remarks: remarksOf(application, findings) };
}

/** Compose files that are not deployed, with every problem at once; nothing was touched. */
export class ComposeError extends ProgramError {
  override readonly name = "ComposeError";

  constructor(
    stack: string,
    readonly problems: readonly Finding[],
  ) {
    const count = counted(problems.length, "problem");
    super(`stack '${stack}' has ${count}:\n${problems.map((each) => `  ${describe(each)}`).join("\n")}`);
  }
}
