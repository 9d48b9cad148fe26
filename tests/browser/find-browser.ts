import { access } from "node:fs/promises";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";
import { packagedBrowser } from "./packaged-browser.ts";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** No sandbox: many machines that build have none to give. Nothing else of the web's own safety is turned off. */
const ARGUMENTS = ["--no-sandbox", "--disable-gpu"];

/**
 * A browser of this machine: that of `CHROME_PATH`, the one that comes with the packages, or an installed Chrome, Edge or
 * Chromium. Throws naming what is missing; no test is skipped for want of a browser.
 */
export async function launchBrowser(): Promise<Browser> {
  const refused: string[] = [];
  for (const [name, optionsOf] of Object.entries(await choices())) {
    try {
      return await chromium.launch({ args: ARGUMENTS, ...(await optionsOf()) });
    } catch (error) {
      refused.push(`  ${name}: ${error instanceof Error ? error.message.split("\n")[0] : "?"}`);
    }
  }
  throw new Error(
    `No browser could be started. Set CHROME_PATH to one, or install Chrome, Edge or Chromium.\n${refused.join("\n")}`,
  );
}

async function choices(): Promise<Record<string, () => Promise<LaunchOptions>>> {
  const named = process.env["CHROME_PATH"];
  if (named !== undefined && named !== "") {
    return { CHROME_PATH: () => Promise.resolve({ executablePath: named }) };
  }
  const here = await firstThatExists(INSTALLED);
  return {
    "the package's own (Linux x64)": packagedBrowser,
    ...(here !== undefined && { [here]: () => Promise.resolve({ executablePath: here }) }),
    "an installed Chrome": () => Promise.resolve({ channel: "chrome" }),
    "an installed Edge": () => Promise.resolve({ channel: "msedge" }),
  };
}

async function firstThatExists(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}
