import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventLog, step, urnOf } from "../../../support/preview";
import { repository } from "../../../support/program";

const update = step("update", urnOf("docker:index/service:Service", "hello"), {
  before: { replicas: 4 },
  after: { replicas: 7 },
});
const password = "Zp4-yT0wq_Lk93sVbN1mXcR7";
const state = JSON.stringify({ secret: { plaintext: JSON.stringify(password) } });

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-"));
  file = join(folder, "preview.md");
  writeFileSync(join(folder, "log"), eventLog([update]));
  writeFileSync(join(folder, "state"), state);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** `./farm preview` with what stands around it replaced: the setup, Pulumi's preview and its export of the state. */
function preview(args: readonly string[], { setup = "true", pulumi = "true", secrets = `cat ${folder}/state` } = {}) {
  const program = `
    set -euo pipefail
    REPO=${repository} FARM_STACK=dev FARM_LOGS=${folder}
    . "$REPO/setup/say.sh"
    . "$REPO/setup/preview.sh"
    setup_all() { step images setup_images; }
    setup_images() { ${setup}; }
    setup_hypervisor() { note "a hypervisor"; }
    write_ssh_files() { :; }
    run_pulumi() {
      echo "the usual: $*"
      case " $* " in *" --event-log "*) cp ${folder}/log "$3" ;; esac
      ${pulumi}
    }
    pulumi() { ${secrets}; }
    cd ${folder}
    farm_preview "$@"`;
  const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: "open sesame", PULUMI_CONFIG_PASSPHRASE_FILE: "" };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program, "farm", ...args], {
    encoding: "utf8",
    env,
    timeout: 30_000,
  });
  return { status, stdout, stderr, text: existsSync(file) ? readFileSync(file, "utf8") : undefined };
}

test.each([[["--markdown", "preview.md"]], [["--markdown=preview.md"]], [["--diff", "--markdown", "./preview.md"]]])(
  "%p shows the usual preview, and tells it in the file",
  (args) => {
    const { status, stdout, text } = preview(args);
    expect(status).toBe(0);
    expect(stdout).toContain("the usual: preview --event-log ");
    expect(stdout.includes("--diff")).toBe(args.includes("--diff"));
    expect(text).toContain("| **all** |  | 1 |  |  |");
    expect(text).toContain("- replicas: 4\n+ replicas: 7");
  },
);

test("without it nothing is logged or written", () => {
  const { status, stdout, text } = preview(["--diff"]);
  expect(status).toBe(0);
  expect(stdout).toContain("the usual: preview --diff\n");
  expect(text).toBeUndefined();
});

describe("a preview that fails ends as Pulumi does, and its text tells", () => {
  test("the engine's error, without secrets", () => {
    const message = `'${password}' is not allowed`;
    writeFileSync(join(folder, "log"), eventLog([update], [{ severity: "error", message }]));
    const { status, text } = preview(["--markdown", file], { pulumi: "return 255" });
    expect(status).toBe(255);
    expect(text).toContain("the preview failed\n\n```text\n'[secret]' is not allowed\n```");
  });

  test("what the command line says before there is an engine", () => {
    writeFileSync(join(folder, "log"), "");
    const pulumi = "echo 'error: no stack, open sesame' >&2; return 1";
    const { status, stderr, text } = preview(["--markdown", file], { pulumi, secrets: "false" });
    expect(status).toBe(1);
    expect(stderr).toContain("error: no stack, open sesame");
    expect(text).toContain("```text\nerror: no stack, [secret]\n```");
  });

  test("the step of the setup that failed", () => {
    const setup = "echo 'the log of it'; note 'there is no room'; return 1";
    const { status, stderr, stdout, text } = preview(["--markdown", file], { setup, secrets: "false" });
    expect(status).toBe(1);
    expect(stderr).toContain("✗ images");
    expect(stdout).not.toContain("the usual");
    expect(text).toContain("```text\nimages failed\nthere is no room\nthe log of it\n```");
  });

  test("what ended it with one clear message", () => {
    const { status, text } = preview(["--markdown", file], { pulumi: "die 'another run is under way'" });
    expect(status).toBe(1);
    expect(text).toContain("```text\nanother run is under way\n```");
  });
});

test("without the state's secrets a preview that succeeded is not told", () => {
  const { status, stderr, text } = preview(["--markdown", file], { secrets: "false" });
  expect(status).toBe(1);
  expect(stderr).toContain("the stack's secrets cannot be read");
  expect(text).toBeUndefined();
});

describe("a file that cannot be written is told before anything takes time", () => {
  test.each([
    [["--markdown"], "--markdown needs the name of a file to write"],
    [["--markdown", "--diff"], "--markdown needs the name of a file to write"],
    [["--markdown="], "--markdown needs the name of a file to write"],
    [["--markdown", "none/preview.md"], "--markdown none/preview.md: there is no folder none"],
    [["--markdown", "taken"], "--markdown taken is a folder: name a file in it"],
  ])("%p", (args, message) => {
    mkdirSync(join(folder, "taken"));
    const { status, stdout, stderr } = preview(args);
    expect(stderr).toBe(`farm: ${message}\n`);
    expect(status).toBe(1);
    expect(stdout).toBe("");
  });
});
