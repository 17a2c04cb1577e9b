import * as pulumi from "@pulumi/pulumi";

/** Shows warnings in a preview; the update that follows would only repeat them. */
export function warnInPreview(warnings: readonly string[]): void {
  if (!pulumi.runtime.isDryRun()) return;
  for (const warning of warnings) void pulumi.log.warn(warning);
}
