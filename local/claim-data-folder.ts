import { once } from "node:events";
import { access, constants, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf, SettingsError } from "../shared/errors.ts";
import { sha256 } from "../shared/model/canonical.ts";

/**
 * Makes the data folder, checks that it can be written, and claims it for this process: two emulators on one folder
 * would spoil each other's records. The claim is a local socket that this process listens on, so that a killed
 * platform's claim ends with it, whatever became of its process number since.
 */
export async function claimDataFolder(folder: string): Promise<AsyncDisposable> {
  try {
    await makeFolder(folder);
    // Of a file this fails as well: it has no entries.
    await readdir(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new SettingsError(
      `The data folder ${folder} cannot be written (${messageOf(error)}). Set FLOWGATE_DATA to one that can.`,
    );
  }
  const address = socketOf(folder);
  const server =
    (await listen(address)) ?? ((await isAnswered(address)) ? undefined : await takeOver(address));
  if (!server) {
    throw new SettingsError(
      `A platform already runs on ${folder}${await processOf(folder)}. Stop it first, or set FLOWGATE_DATA to another folder.`,
    );
  }
  // What a killed platform left behind would send clients to addresses that nobody serves.
  await rm(path.join(folder, "local.json"), { force: true });
  server.unref();
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** ` (process 123)`, where the platform that runs is ready and says so. */
async function processOf(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, "local.json"), "utf8").catch(() => "");
  const pid = /"pid": (\d+)/.exec(text)?.[1];
  return pid === undefined ? "" : ` (process ${pid})`;
}

/** Short, because the system allows a hundred characters; by content, because one folder has one claim. */
function socketOf(folder: string): string {
  const name = `flowgate-${sha256(path.resolve(folder)).slice(0, 16)}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`);
}

/** The listening server; undefined where the address is taken, by a platform or by what a killed one left. */
async function listen(address: string): Promise<ReturnType<typeof createServer> | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(address);
    await once(server, "listening");
    return server;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}

async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function takeOver(address: string): Promise<ReturnType<typeof createServer> | undefined> {
  await rm(address, { force: true });
  return listen(address);
}

/** As `mkdir` with `recursive`, which never ends on some special file systems. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const parent = path.dirname(folder);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder).catch((failure: NodeJS.ErrnoException) => {
      // Somebody else made it at the same moment.
      if (failure.code !== "EEXIST") throw failure;
    });
  }
}
