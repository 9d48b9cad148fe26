import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server of this machine that can be cut and joined again. */
export interface Connection extends AsyncDisposable {
  port: number;
  cut(isCut: boolean): void;
}

/** While it is cut, whoever comes is turned away, and who is there is thrown out. */
export async function startConnection(target: number): Promise<Connection> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (isCut) {
      socket.destroy();
      return;
    }
    const other = connect(target, "127.0.0.1");
    other.on("error", () => socket.destroy());
    other.on("close", () => socket.destroy());
    socket.on("close", () => {
      other.destroy();
      sockets.delete(socket);
    });
    sockets.add(socket);
    socket.pipe(other).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut(next) {
      isCut = next;
      if (isCut) drop();
    },
    async [Symbol.asyncDispose]() {
      drop();
      server.close();
      await once(server, "close");
    },
  };
}
