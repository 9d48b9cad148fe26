import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { APP_MEMORY } from "../../local/host/app-memory.ts";
import { childEnvironment } from "../../shared/settings.ts";
import { asJavascript } from "./as-javascript.ts";

/** A server of the bench, in a process of its own so that its CPU time is its own. */
export interface ServerProcess extends AsyncDisposable {
  origin: string;
  pid: number;
  child: ChildProcess;
}

/**
 * Starts a file beside this one, which tells its port when it listens. All that are compared keep to their memory as an
 * app process does.
 */
export async function startServer(
  file: string,
  parameters: string[] = [],
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = fork(await asJavascript(file), parameters, {
    env: childEnvironment({ ...APP_MEMORY.environment, ...environment }),
    execArgv: APP_MEMORY.flags,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [message] = (await once(child, "message")) as [{ port: number }];
  return disposable(child, message.port);
}

/** Starts a server of somebody else's, on a port it is given. */
export async function startPeer(file: string): Promise<ServerProcess> {
  const port = await freePort();
  const child = fork(file, [`--port=${port}`, "--headless"], {
    env: childEnvironment({ ...APP_MEMORY.environment, NODE_ENV: "production" }),
    execArgv: APP_MEMORY.flags,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const peer = disposable(child, port);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answers = await fetch(peer.origin).then(
      () => true,
      () => false,
    );
    if (answers) return peer;
    await sleep(50);
  }
  throw new Error(`${file} does not answer.`);
}

function disposable(child: ChildProcess, port: number): ServerProcess {
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      // Some wait for connections that are kept.
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
