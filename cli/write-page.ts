import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { openInBrowser } from "./open-in-browser.ts";

/** `--html [file]` and `--open` of a command. */
export interface PageOptions {
  html?: string | true;
  open?: boolean;
}

/** Whether a page is asked for: to open one is to have it written. */
export function wantsPage({ html, open }: PageOptions): boolean {
  return html !== undefined || open === true;
}

/** Writes a page, opens it in the browser where that is asked for, and returns where it is. */
export async function writePage(
  { html, open }: PageOptions,
  { name, content }: { name: string; content: string },
): Promise<string> {
  const file = path.resolve(typeof html === "string" ? html : name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  if (open) openInBrowser(file);
  return file;
}
