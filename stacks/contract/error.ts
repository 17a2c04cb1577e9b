import { ProgramError } from "../../infra/config/program-error";

/** Stacks that cannot be used together, or entries of the list that are no stacks. */
export class StackError extends ProgramError {
  override readonly name = "StackError";
}
