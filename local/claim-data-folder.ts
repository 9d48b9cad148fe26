import { once } from "node:events";
import { access, constants, mkdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { messageOf, SettingsError } from "../shared/errors.ts";

/**
 * Makes the data folder and checks that it can be written and that no other platform uses it: two emulators on one
 * folder would spoil each other's records. What a killed platform left behind is cleared away.
 */
export async function claimDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new SettingsError(
      `The data folder ${folder} cannot be written (${messageOf(error)}). Set FLOWGATE_DATA to one that can.`,
    );
  }
  const file = path.join(folder, "local.json");
  const left = await readFile(file, "utf8").catch(() => undefined);
  if (left === undefined) return;
  const { pid, host } = addressesIn(left);
  // A dead platform's number may belong to any other process by now, above all in a container: its port tells.
  if (pid !== undefined && pid !== process.pid && isAlive(pid) && (await isListening(host))) {
    throw new SettingsError(
      `A platform already runs on ${folder} (process ${pid}). Stop it first, or set FLOWGATE_DATA to another folder.`,
    );
  }
  await rm(file, { force: true });
}

function addressesIn(text: string): { pid?: number; host?: string } {
  try {
    const { pid, host } = JSON.parse(text) as { pid?: unknown; host?: unknown };
    return { ...(typeof pid === "number" && { pid }), ...(typeof host === "string" && { host }) };
  } catch {
    return {};
  }
}

/** Whether something accepts connections there. Accepts at all: a platform that is busy or stuck is still one. */
async function isListening(address: string | undefined): Promise<boolean> {
  if (!URL.canParse(address ?? "")) return false;
  const { hostname, port } = new URL(address ?? "");
  const socket = connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
