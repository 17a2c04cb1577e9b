import { connect, type NetConnectOpts } from "node:net";

/** Whether a server takes connections there by now; false comes after 50 ms, so that it can be asked again at once. */
export function takesConnections(to: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(to);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () =>
      setTimeout(() => {
        resolve(false);
      }, 50),
    );
  });
}
