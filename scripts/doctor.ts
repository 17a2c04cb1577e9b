/**
 * `doctor.ts STACK REPOSITORY [--repairs]`: for the bash `./farm`, until cli/commands replaces it.
 */
import { foldersOf } from "../infra/config/folders";
import { FarmError } from "../cli/errors";
import { examine, repairs, summary } from "../cli/doctor/doctor";

async function main([stack = "", repository = "", mode = ""]: readonly string[]): Promise<void> {
  const context = { stack, repository, folders: foldersOf(stack, process.env), environment: process.env };
  if (mode === "--repairs") {
    console.log((await repairs(context)).join("\n"));
    return;
  }
  const diagnosis = await examine(context);
  console.log(summary(diagnosis));
  process.exitCode = diagnosis.findings.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof FarmError ? error.message : error);
  process.exit(2);
});
