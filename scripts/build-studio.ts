import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { isOld } from "./is-old.ts";

/** What the studio is made of: its own sources, what it shares, and the packages. */
const ROOT = path.resolve(import.meta.dirname, "..");
const SOURCES = ["studio", "shared/model", "shared/report", "package-lock.json"];
const OUTPUT = path.join(ROOT, "dist/studio");

export interface BuiltFile {
  name: string;
  bytes: number;
  gzipped: number;
}

/**
 * Bundles `studio/` into `dist/studio`: files named by their content, and the page that loads them, which is put in its
 * place last. Several processes may do so at the same time. Returns the files with their sizes.
 */
export async function buildStudio(): Promise<BuiltFile[]> {
  const result = await build({
    entryPoints: ["studio/main.tsx", "studio/theme.ts", "studio/style/studio.css"].map((file) =>
      path.join(ROOT, file),
    ),
    outdir: OUTPUT,
    entryNames: "[name]",
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: ["chrome123", "firefox121", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfig: path.join(ROOT, "studio/tsconfig.json"),
    logLevel: "warning",
  });
  const bundled = result.outputFiles.map((file) => ({
    name: path.basename(file.path).replace("main.js", "studio.js"),
    content: Buffer.from(file.contents),
  }));
  const icon = { name: "icon.svg", content: await readFile(path.join(ROOT, "studio/icon.svg")) };
  let page = await readFile(path.join(ROOT, "studio/index.html"), "utf8");
  await mkdir(OUTPUT, { recursive: true });
  const built: BuiltFile[] = [];
  for (const { name, content } of [...bundled, icon]) {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
    const named = name.replace(/\.(\w+)$/, `-${hash}.$1`);
    page = page.replaceAll(`{{${name}}}`, `/studio/assets/${named}`);
    await writeWhole(named, content);
    built.push({ name: named, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length });
  }
  await writeWhole("index.html", Buffer.from(page));
  for (const old of await readdir(OUTPUT)) {
    const isMine = old === "index.html" || old.endsWith(".part") || built.some(({ name }) => name === old);
    if (!isMine) {
      await rm(path.join(OUTPUT, old), { force: true });
    }
  }
  return built;
}

/** Builds it where it is missing or older than its sources. */
export async function buildStudioIfOld(): Promise<void> {
  if (await isOld(path.join(OUTPUT, "index.html"), SOURCES)) await buildStudio();
}

/** Whoever reads sees the file before or after, never half of it. */
async function writeWhole(name: string, content: Buffer): Promise<void> {
  const file = path.join(OUTPUT, name);
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, content);
  await rename(part, file);
}
