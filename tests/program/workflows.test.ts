import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { marker } from "../../cli/preview/markdown";
import { repository } from "../support/program";

/** Syntax and expressions are actionlint's business; here are the rules that keep secrets from strangers. */
const Job = z.object({
  "runs-on": z.string(),
  if: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
});
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.object({}).strict(),
  jobs: z.object({ preview: Job, comment: Job }).strict(),
});

const text = readFileSync(join(repository, ".github/workflows/preview.yml"), "utf8");
const { on, jobs } = Workflow.parse(load(text));
const ownBranch = "github.event.pull_request.head.repo.full_name == github.repository";

test("it runs for pull requests in their own rights", () => {
  expect(Object.keys(on)).toEqual(["pull_request"]);
});

test("the job that runs their code may only read, the one that writes has no code and no secret", () => {
  expect(jobs.preview.permissions).toEqual({ contents: "read" });
  expect(jobs.comment.permissions).toEqual({ "pull-requests": "write" });
  const comment = text.slice(text.indexOf("\n  comment:"));
  expect(comment).not.toMatch(/secrets\.|\.\/farm |git (fetch|clone|checkout)/);
});

test("a fork gets no comment and none of one's own machines", () => {
  expect(jobs.comment.if).toContain(ownBranch);
  expect(jobs.preview["runs-on"]).toBe(`\${{ ${ownBranch} && vars.FARM_RUNNER || 'ubuntu-24.04' }}`);
});

test("it needs nobody else's action, and puts nothing of a pull request into a script", () => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  expect(steps.filter(({ uses }) => uses)).toEqual([]);
  expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
});

test("it finds its comment by the line that the text begins with", () => {
  expect(text).toContain(`marker="${marker("$STACK")}"`);
});
