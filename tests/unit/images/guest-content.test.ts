import { inputsOf } from "../../../infra/images/container";
import { contentHash } from "../../../infra/images/content";
import { guestContent, preloadedImages } from "../../../infra/images/guest-content";
import { recipes } from "../../support/samples";

test("the guest image is named by its recipe and those of the container images that it brings", () => {
  expect(guestContent(recipes)).toBe(
    contentHash("images/guest", ...preloadedImages().flatMap((name) => inputsOf(name, recipes))),
  );
  expect(guestContent(recipes)).not.toBe(contentHash("images/guest"));
});

test("the guest image brings the base of the others first, and the registry that its build asks", () => {
  expect(preloadedImages()[0]).toBe("base");
  expect(preloadedImages()).toContain("registry");
});
