/**
 * A receiver of alerts in a farm's namespace: `node webhook.ts ADDRESS URL_FILE ALERTS_FILE`. Writes its URL once it answers, and appends a
 * line for each message that Alertmanager sends.
 */
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { listening } from "../../support/serve";

const [address = "", urlFile = "", alertsFile = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (data: Buffer) => (text += data.toString()));
    request.on("end", () => {
      appendFileSync(alertsFile, `${text}\n`);
      response.end();
    });
  });
  const { port } = await listening(server, address);
  writeFileSync(`${urlFile}.new`, `http://${address}:${String(port)}/alerts`);
  renameSync(`${urlFile}.new`, urlFile);
}

void main();
