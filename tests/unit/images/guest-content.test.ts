import { execFileSync } from "node:child_process";
import { repository } from "../../../infra/images/content";
import { guestContent, preloadedImages } from "../../../infra/images/guest-content";
import { recipes } from "../../support/samples";

/** What a function of setup/images.sh prints. */
function fromSetup(call: string): string {
  const all = `set -euo pipefail; REPO=$1; . "$REPO/setup/paths.sh"; . "$REPO/setup/images.sh"; ${call}`;
  return execFileSync("bash", ["-c", all, "bash", repository], { encoding: "utf8" }).trim();
}

test("the guest image lies where ./farm setup puts it", () => {
  expect(guestContent(recipes)).toBe(fromSetup("CONFIGURATION={}; guest_key"));
});

test("the guest image brings the base of the others first, and the registry that its build asks", () => {
  expect(preloadedImages()[0]).toBe("base");
  expect(preloadedImages()).toContain("registry");
});

test("./farm setup builds the container images that the guest image brings, whatever the configuration asks for", () => {
  const wanted = fromSetup("CONFIGURATION={}; images_wanted").split("\n");
  expect(wanted).toEqual([...preloadedImages(), "hello"]);
});
