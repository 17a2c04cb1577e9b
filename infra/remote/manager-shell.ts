import { RunError } from "@pulumi/pulumi";
import { shellQuote } from "./shell";

/** Runs scripts on a manager of a swarm, from the machine that runs Pulumi. */
export interface ManagerShell {
  /**
   * Shell text that runs a script on a manager; the quoted script follows it as one more argument.
   *
   * @param except a node that is left out, if there are several managers
   */
  onManager(except?: string): string;
}

/** The two spellings of Docker's default socket. */
const localSockets = ["unix:///var/run/docker.sock", "unix:///run/docker.sock"];

/**
 * The shell of a Docker host: `ssh` for an address, `sh` for the Docker of this machine.
 *
 * @param host       `ssh://[USER@]HOST[:PORT]` or `unix:///var/run/docker.sock`
 * @param sshOptions options for `ssh`
 * @throws RunError for a host in another form
 */
export function shellOfHost(host: string, sshOptions: readonly string[]): ManagerShell {
  if (localSockets.includes(host)) return shellOfCommand(["sh", "-c"]);
  const { protocol, username, hostname, port, pathname } = parsed(host);
  if (protocol !== "ssh:" || hostname === "" || pathname.length > 1)
    throw new RunError(
      `docker host '${host}' has another form: give 'ssh://USER@HOST' or '${String(localSockets[0])}'`,
    );
  return shellOfCommand([
    "ssh",
    ...["-o", "BatchMode=yes", ...sshOptions],
    ...(port === "" ? [] : ["-p", port]),
    username === "" ? hostname : `${decodeURIComponent(username)}@${hostname}`,
  ]);
}

/** A program with its first arguments; its last argument is the script that it runs on a manager. */
export function shellOfCommand(command: readonly string[]): ManagerShell {
  const text = command.map(shellQuote).join(" ");
  return { onManager: () => text };
}

function parsed(host: string): Pick<URL, "protocol" | "username" | "hostname" | "port" | "pathname"> {
  return URL.canParse(host) ? new URL(host) : { protocol: "", username: "", hostname: "", port: "", pathname: "" };
}
