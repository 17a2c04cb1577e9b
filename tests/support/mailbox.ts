import { createServer, type AddressInfo, type Socket } from "node:net";

/** An SMTP server of a test's own, and what it was sent. */
export interface Mailbox {
  readonly port: number;
  /** Commands of clients, and messages as they came. */
  readonly commands: readonly string[];
  readonly messages: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts an SMTP server on loopback that takes a login of any user.
 *
 * @param refuses whether it refuses every recipient
 */
export async function startMailbox(refuses = false): Promise<Mailbox> {
  const commands: string[] = [];
  const messages: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.write("220 mailbox.test ESMTP\r\n");
    let text = "";
    let inMessage = false;
    socket.on("data", (data) => {
      text += data.toString();
      for (;;) {
        const end = text.indexOf(inMessage ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          messages.push(part);
          inMessage = false;
          socket.write("250 taken\r\n");
          continue;
        }
        commands.push(part);
        inMessage = part === "DATA";
        socket.write(`${answerTo(part, refuses)}\r\n`);
        if (part === "QUIT") socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    messages,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function answerTo(command: string, refuses: boolean): string {
  const [verb = ""] = command.split(" ");
  switch (verb) {
    case "EHLO":
      return "250-mailbox.test\r\n250 AUTH PLAIN";
    case "AUTH":
      return "235 welcome";
    case "RCPT":
      return refuses ? "550 nobody here of that name" : "250 known";
    case "DATA":
      return "354 go on";
    case "QUIT":
      return "221 bye";
    default:
      return "250 fine";
  }
}
