import { once } from "node:events";
import path from "node:path";
import { watch } from "chokidar";

/** Editors write a file in several steps, and a checkout many files: a folder is read when it has been still this long. */
const STILL_MS = 150;

/** Calls `check`, which never rejects, now and after every change in the folder, one at a time, until the signal aborts. */
export async function watchFolder(
  folder: string,
  signal: AbortSignal,
  check: () => Promise<void>,
): Promise<void> {
  // What a push leaves out, and the copies that editors keep.
  const ignored = (file: string): boolean =>
    file.endsWith("~") ||
    path
      .relative(folder, file)
      .split(path.sep)
      .some((part) => part === "node_modules" || /^\.[^.]/.test(part));
  const watcher = watch(folder, { ignoreInitial: true, ignored });
  let last = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => (last = last.then(check)), STILL_MS);
  });
  try {
    // Before the first check, so that nothing saved meanwhile is missed.
    await once(watcher, "ready", { signal });
    last = last.then(check);
    await once(signal, "abort");
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    await watcher.close();
    await last;
  }
}
