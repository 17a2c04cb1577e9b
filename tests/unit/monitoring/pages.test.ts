import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backupAlerts } from "../../../stacks/backups/alerts";
import { logAlerts } from "../../../stacks/logs/alerts";
import { lampAlerts } from "../../../stacks/lamp/alerts";
import { Lamp } from "../../../stacks/lamp/schema";
import { farmAlerts } from "../../../stacks/monitoring/alerts/alerts";
import { hostAlerts } from "../../../stacks/monitoring/alerts/hosts";
import { rulesFile } from "../../../stacks/monitoring/alerts/rules-file";
import { repository } from "../../support/sources";

const alerts = [
  ...farmAlerts,
  ...hostAlerts,
  ...backupAlerts,
  ...logAlerts,
  ...lampAlerts({ php: Lamp.parse({}).php }),
];

const page = readFileSync(join(repository, "docs/how-to/monitoring.md"), "utf8");

test("every alert is in the table of the how-to page, and no other", () => {
  const table = page.slice(page.indexOf("| alert |"));
  const names = [...table.matchAll(/^\| ([A-Z][A-Za-z, ]+) \|/gm)].flatMap(([, cell = ""]) => cell.split(", "));
  expect(names.sort()).toEqual(alerts.map(({ name }) => name).sort());
});

test("every alert has an advice with a command or a key, and no end of a sentence", () => {
  for (const { summary, action } of alerts) {
    expect(summary).not.toMatch(/\.$/);
    expect(action).toMatch(/\.\/farm|autoscale\.max/);
  }
});

test.each(alerts.map(({ name, page }) => [name, page]))("the page of %s is there, and has its heading", (_, page) => {
  const [file = "", heading] = page.split("#");
  const path = join(repository, "docs", file);
  expect(existsSync(path)).toBe(true);
  const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  if (heading !== undefined) expect(headings).toContain(heading);
});

test("a page's address begins as the configuration says", () => {
  const [first] = rulesFile(farmAlerts, "https://example.com/farm/docs/").groups[0]?.rules ?? [];
  expect(first?.annotations.page).toBe("https://example.com/farm/docs/how-to/repair.md");
});
