import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentFile } from "../../../infra/service/files";
import { isOidc, oidc, type Guarded } from "./plan";

/** The script that HAProxy asks oauth2-proxy by; none without a route that needs it. */
export function scriptFiles(routes: readonly Guarded[]): ContentFile[] {
  return routes.some(isOidc) ? [{ path: oidc.script, content: readFileSync(join(__dirname, "ask.lua"), "utf8") }] : [];
}
