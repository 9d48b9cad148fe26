import { execFile } from "node:child_process";
import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const FOLDER = path.resolve(import.meta.dirname, "../peers/portkey");
const SERVER = path.join(FOLDER, "node_modules/@portkey-ai/gateway/build/start-server.js");
/** With a newer one its streams do not arrive. */
const PACKAGES = { "@portkey-ai/gateway": "1.15.2", "@hono/node-server": "1.13.8" };

/**
 * The file that starts Portkey's gateway, installed on demand: it is no dependency of the project. Undefined, with the
 * reason on stderr, where it cannot be installed.
 */
export async function portkeyServer(): Promise<string | undefined> {
  try {
    await access(SERVER);
    return SERVER;
  } catch {
    // Not installed yet.
  }
  try {
    await mkdir(FOLDER, { recursive: true });
    const facts = { private: true, dependencies: PACKAGES, overrides: { "@hono/node-server": "1.13.8" } };
    await writeFile(path.join(FOLDER, "package.json"), JSON.stringify(facts));
    await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund"], {
      cwd: FOLDER,
      timeout: 300_000,
    });
    await access(SERVER);
    return SERVER;
  } catch (error) {
    console.error(`Portkey's gateway cannot be installed, and is left out: ${String(error).slice(0, 300)}`);
    return undefined;
  }
}
