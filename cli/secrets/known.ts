import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../context/context";
import { run } from "../process/run";
import { isNoStack, pulumiReason } from "../pulumi/answer";
import { parseJson } from "../pulumi/json";
import { FarmError } from "../base/errors";
import { secretsIn, textsIn } from "./in-state";

type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment" | "signal">;

/** How long Pulumi may take to decrypt a state. */
const limit = 120;

/**
 * Every secret of the farm on this machine: of the state, the configuration, the environment, and keys of the user.
 *
 * @throws FarmError if the state or the configuration cannot be decrypted
 */
export async function knownSecrets(farm: Farm): Promise<ReadonlySet<string>> {
  const [state, config] = await Promise.all([
    decrypted(farm, "stack", "export", "--show-secrets"),
    decrypted(farm, "config", "--show-secrets", "--json"),
  ]);
  return new Set([
    ...secretsIn(state),
    ...configSecrets(config),
    ...environmentSecrets(farm.environment),
    ...personSecrets(farm),
  ]);
}

async function decrypted(farm: Farm, ...args: readonly string[]): Promise<unknown> {
  const options = { cwd: farm.repository, env: farm.environment, signal: farm.signal, timeoutSeconds: limit };
  const { status, stdout, stderr } = await run(["pulumi", ...args], options);
  if (status === 0) return parseJson(stdout, `the output of 'pulumi ${args.join(" ")}'`);
  // None without a farm or without Pulumi.
  if (isNoStack(stderr) || status === 127) return {};
  throw new FarmError(pulumiReason(farm, stderr));
}

const Config = z.record(z.string(), z.looseObject({ value: z.unknown(), secret: z.boolean().default(false) }));

function configSecrets(config: unknown): readonly string[] {
  const { data = {} } = Config.safeParse(config);
  return Object.values(data).flatMap(({ value, secret }) => (secret ? textsIn(value) : []));
}

/** Names of variables with tokens of clouds and Pulumi. Paths, e.g. of the passphrase, are not secret. */
function environmentSecrets(environment: Farm["environment"]): readonly string[] {
  const names = /PASS|TOKEN|SECRET|CREDENTIAL|(^|_)KEY/;
  return Object.entries(environment).flatMap(([name, value = ""]) =>
    names.test(name) && value.length >= 6 && !existsSync(value) ? [value] : [],
  );
}

/** The passphrase, the key that images are signed with, and the tokens of a login with Pulumi. */
function personSecrets({ folders, environment }: Farm): readonly string[] {
  const credentials = environment.PULUMI_CREDENTIALS_PATH ?? "";
  return [
    ...[environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "", join(folders.config, "passphrase")].flatMap(contentOf),
    ...filesIn(join(folders.config, "signing"))
      .filter((file) => !file.endsWith(".pub"))
      .flatMap(contentOf),
    ...filesIn(join(folders.state, "ssh"))
      .filter((file) => /id_[a-z0-9]+$/.test(file))
      .flatMap(contentOf),
    ...contentOf(join(credentials, "credentials.json")).flatMap(tokensIn),
  ];
}

const Credentials = z.looseObject({ accessTokens: z.record(z.string(), z.string()).default({}) });

/** The tokens of a credentials file; one that cannot be read is a secret as a whole. */
function tokensIn(text: string): readonly string[] {
  try {
    return Object.values(Credentials.parse(JSON.parse(text)).accessTokens);
  } catch {
    return [text];
  }
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))) : [];
}

function contentOf(file: string): readonly string[] {
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
