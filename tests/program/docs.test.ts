import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { allCommands } from "../../cli/commands";
import { repository } from "../support/program";

const commands = allCommands();

const pages = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => page !== "" && !page.startsWith("sdks/") && existsSync(join(repository, page)));

const text = (page: string) => readFileSync(join(repository, page), "utf8");

/** GitHub's anchors of a page's headings. */
function anchorsOf(page: string): string[] {
  const headings = [...text(page).matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? "");
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Links of a page to missing files or headings. */
function brokenLinks(page: string): string[] {
  const prose = text(page).replaceAll(/^```.*?^```/gms, "");
  return [...prose.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, path = "", anchor]) => {
    if (/^[a-z]+:/.test(path)) return [];
    const target = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(repository, target))) return [`${page}: ${link}`];
    const found = anchor === undefined || !target.endsWith(".md") || anchorsOf(target).includes(anchor);
    return found ? [] : [`${page}: ${link}`];
  });
}

test("every link has an existing file and heading", () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

test("every page of docs is linked from its index", () => {
  const index = text("docs/README.md");
  const own = pages
    .filter((page) => /^docs\/(?!decisions\/|README\.md)/.test(page))
    .map((page) => page.slice("docs/".length));
  const linked = (page: string) => index.includes(`(${page})`) || page.startsWith("commands/");
  expect(own.filter((page) => !linked(page))).toEqual([]);
});

test("the page of the architecture names every folder of the code", () => {
  const folders = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "cli", "infra"], {
    cwd: repository,
    encoding: "utf8",
  })
    .split("\n")
    .flatMap((path) => /^(?:cli|infra)\/[^/]+(?=\/)/.exec(path) ?? []);
  const page = text("docs/architecture.md");
  expect([...new Set(folders)].filter((folder) => !page.includes(`\`${folder}\``))).toEqual([]);
});

test("every ./farm command in a page exists", () => {
  const names = commands.map(({ name }) => name);
  const unknown = pages.flatMap((page) =>
    [...text(page).matchAll(/\.\/farm ([a-z][\w-]*)/g)].flatMap(([command, name = ""]) =>
      names.includes(name) || name === "help" ? [] : [`${page}: ${command}`],
    ),
  );
  expect(unknown).toEqual([]);
});
