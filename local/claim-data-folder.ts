import { access, constants, mkdir, readFile, rm } from "node:fs/promises";
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
  const pid = pidIn(left);
  if (pid !== undefined && pid !== process.pid && isAlive(pid)) {
    throw new SettingsError(
      `A platform already runs on ${folder} (process ${pid}). Stop it first, or set FLOWGATE_DATA to another folder.`,
    );
  }
  await rm(file, { force: true });
}

function pidIn(text: string): number | undefined {
  try {
    const { pid } = JSON.parse(text) as { pid?: unknown };
    return typeof pid === "number" ? pid : undefined;
  } catch {
    return undefined;
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
