import path from "node:path";
import { build } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "../..");

/**
 * A server of the bench as JavaScript, in one file whose packages stay outside: Node's reader of TypeScript would take
 * fifteen megabytes of the process that is measured, and nobody deploys it. Returns the file's path.
 */
export async function asJavascript(file: string): Promise<string> {
  const outfile = path.join(ROOT, "dist/bench", file.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [path.join(import.meta.dirname, file)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "warning",
  });
  return outfile;
}
