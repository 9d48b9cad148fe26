import { spawn } from "node:child_process";

/** What opens a file as a double click would, by platform. */
const OPENERS: Partial<Record<NodeJS.Platform, [command: string, ...words: string[]]>> = {
  darwin: ["open"],
  win32: ["explorer"],
};

/** Opens a file with the program the system has for it. A machine without one is no error: its path was printed. */
export function openInBrowser(file: string): void {
  const [command, ...words] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(command, [...words, file], { stdio: "ignore", detached: true });
  opener.on("error", () => {});
  opener.unref();
}
