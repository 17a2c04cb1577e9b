import { secretsOf } from "../../live/parts/secrets";

/** Entry of an exported stack for a command whose output is secret. */
function exported(...outputs: readonly string[]): string {
  const resources = outputs.map((output) => ({ outputs: { stdout: { plaintext: JSON.stringify(output) } } }));
  return JSON.stringify({ deployment: { resources } });
}

const line = (letter: string) => letter.repeat(40);

test("an OpenSSH key's private lines are secrets, its common head and what is public are not", () => {
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${["a", "b", "c", "d"].map(line).join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const pair = JSON.stringify({ privateKey: key, publicKey: `ssh-ed25519 ${line("p")}` });
  expect(secretsOf(exported(pair))).toEqual([line("c"), line("d")]);
});

test("every line of another private key is a secret, a certificate beside it is none", () => {
  const key = `-----BEGIN EC PRIVATE KEY-----\n${line("k")}\n-----END EC PRIVATE KEY-----\n`;
  const cert = `-----BEGIN CERTIFICATE-----\n${line("c")}\n-----END CERTIFICATE-----\n`;
  expect(secretsOf(exported(JSON.stringify({ key, cert })))).toEqual([line("k")]);
});

test("join tokens, passwords and their hashes are secrets; settings and names are not", () => {
  const login = {
    password: "aB3_aB3-aB3_aB3-aB3_aB3-",
    bcrypt: `$2y$04$${line("h")}`,
    crypt: `$5$rounds=1000$${line("s")}`,
  };
  expect(
    secretsOf(
      exported(
        JSON.stringify(login),
        "SWMTKN-1-abc-def-ghi-jkl",
        "0123456789abcdefABCDEF-_",
        "StrictHostKeyChecking yes",
      ),
    ),
  ).toEqual([login.bcrypt, login.crypt, login.password, "SWMTKN-1-abc-def-ghi-jkl", "0123456789abcdefABCDEF-_"]);
});
