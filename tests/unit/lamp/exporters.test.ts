import fc from "fast-check";
import { mysqldFlags, mysqldLogin, mysqldOptions } from "../../../stacks/lamp/mysqld-flags";
import { exporterImages, exporters, scrapedBy } from "../../../stacks/lamp/metrics";
import { stacks } from "../../../stacks/index";
import { parseConfig } from "../../../stacks/config";
import { plansOf, recipesOf } from "../../../stacks/plans";
import { startProgram, until } from "../../support/alerting";
import { withStacks } from "../../support/configs";
import { mysqldExporterProgram } from "../../support/prometheus";

const other = { php: { image: "php:8.4-fpm" } };

/** The configuration of lamp with these keys. */
const lampOf = (lamp: object) => parseConfig(withStacks({ lamp })).lamp ?? raise();
const raise = () => {
  throw new Error("there is no lamp");
};

test("mysql and the farm's own php are targets; another php is left as it is, and is none", () => {
  expect(scrapedBy(lampOf({}))).toEqual([exporters.mysql, exporters.php]);
  expect(scrapedBy(lampOf(other))).toEqual([exporters.mysql]);
  expect(exporterImages(lampOf({}))).toEqual(["mysqld-exporter", "exporter"]);
  expect(exporterImages(lampOf({ mysql: { image: "mysql:8.4" }, ...other }))).toEqual(["mysqld-exporter"]);
});

test("images of exporters are built where the farm is monitored, and where that cannot be read", () => {
  const images = (keys: Record<string, unknown>) => recipesOf(stacks, withStacks(keys)).map(({ name }) => name);
  expect(images({})).not.toContain("mysqld-exporter");
  expect(images({ monitoring: {} })).toContain("mysqld-exporter");
  expect(images({ monitoring: "[secret]" })).toEqual(expect.arrayContaining(["mysqld-exporter", "exporter"]));
  expect(images({ lamp: undefined, monitoring: {} })).not.toContain("mysqld-exporter");
  expect(plansOf(stacks, parseConfig(withStacks())).images).not.toContain("mysqld-exporter");
});

test("the login is an option file, with any password that is generated", () => {
  expect(mysqldOptions("app", "pa55-w_ord")).toBe("[client]\nuser=app\npassword=pa55-w_ord\nhost=mysql\nport=3306\n");
  const generated = fc.stringMatching(/^[A-Za-z0-9_-]{32}$/);
  fc.assert(
    fc.property(generated, (password) => {
      const lines = mysqldOptions("app", password).split("\n");
      expect(lines[2]).toBe(`password=${password}`);
      // These would begin a comment, a section or a reference in such a file.
      expect(password).not.toMatch(/["'#;%$[\]\\`]/);
    }),
  );
});

(mysqldExporterProgram === undefined ? test.skip : test)(
  "a real mysqld exporter takes the arguments and the option file, reads what every user may, and says that nobody answers",
  async () => {
    const options = mysqldOptions("app", "pa55-w_ord").replace("host=mysql", "host=127.0.0.1").replace("3306", "1");
    const running = await startProgram(
      mysqldExporterProgram ?? "",
      { [mysqldLogin.file]: options },
      (folder, port) => [
        ...mysqldFlags.map((flag) => flag.replace("/run/secrets", folder)),
        `--web.listen-address=127.0.0.1:${String(port)}`,
      ],
      "/",
    );
    try {
      let text = "";
      await until(async () => {
        text = await (await fetch(`http://127.0.0.1:${String(running.port)}/metrics`)).text();
        return text.includes("\nmysql_up ");
      });
      expect(text).toMatch(/^mysql_up 0$/m);
      expect(text).not.toContain("pa55-w_ord");
    } finally {
      await running.stop();
    }
  },
);
