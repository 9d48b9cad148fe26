import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { isOld } from "./is-old.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
/** What `npm run build` reads. */
const SOURCES = [
  "functions",
  "pipelines",
  "schemas",
  "scripts",
  "shared",
  "studio",
  "local/app/left-out.ts",
  "package.json",
  "package-lock.json",
];

/** Runs `npm run build` where what it makes is missing or older than its sources. */
export async function buildAppIfOld(): Promise<void> {
  if (!(await isOld(path.join(ROOT, "dist/functions"), SOURCES))) return;
  await promisify(execFile)(process.execPath, [path.join(ROOT, "scripts/build.ts")]);
}
