import { composeKeys } from "../../../compose/keys/table";
import { expectNone } from "../../support/expect-none";

test("every key has one row", () => {
  const paths = composeKeys.map(({ path }) => path);
  expectNone(
    paths.filter((path, i) => paths.indexOf(path) < i),
    "Remove the second row.",
  );
});

test("every improved or refused key has a reason, and every refused key an alternative", () => {
  const silent = composeKeys.filter(
    ({ outcome, reason, alternative }) =>
      (outcome !== "honoured" && reason === undefined) || (outcome === "refused") !== (alternative !== undefined),
  );
  expectNone(
    silent.map(({ path }) => path),
    "Add a reason or an alternative.",
  );
});

test("a key is honoured only if docker honours it, and never ignored silently", () => {
  const wrong = composeKeys.filter(({ docker, outcome }) => outcome === "honoured" && docker !== "honours");
  expectNone(
    wrong.map(({ path }) => path),
    "What docker drops or refuses is improved or refused.",
  );
});

test("a key that docker honours is refused only if Pulumi's provider cannot set it", () => {
  const wrong = composeKeys.filter(
    ({ docker, outcome, reason }) =>
      docker === "honours" && outcome === "refused" && reason !== "Pulumi's Docker provider cannot set it",
  );
  expectNone(
    wrong.map(({ path }) => path),
    "Honour it.",
  );
});
