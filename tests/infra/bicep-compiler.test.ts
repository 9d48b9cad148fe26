import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BICEP_VERSION } from "../../scripts/bicep-compiler.ts";

const COMPILER = path.resolve(import.meta.dirname, "../../scripts/bicep-compiler.ts");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flowgate-bicep-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `bicep` on the PATH that says it is of a version. */
function onPath(version: string): void {
  const file = path.join(folder, "bicep");
  writeFileSync(file, `#!/bin/sh\necho "Bicep CLI version ${version} (abc)"\n`);
  chmodSync(file, 0o755);
}

/** The version of the compiler that is taken where `dotnet` cannot fetch the pinned one, or what was tried. */
function found(environment: Record<string, string> = {}): string {
  const words = `import { findBicep } from ${JSON.stringify(COMPILER)};
    const found = await findBicep();
    console.log(Array.isArray(found) ? "none: " + found.length : found.version);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", words], {
    env: { PATH: folder, ...environment },
    encoding: "utf8",
  });
  return stdout.trim();
}

test("a compiler of another version on the PATH is taken only where the pinned one cannot be had", () => {
  onPath("0.30.1");
  expect(found()).toBe("0.30.1");
  const named = mkdtempSync(path.join(folder, "named-"));
  const file = path.join(named, "bicep");
  writeFileSync(file, "#!/bin/sh\necho 'Bicep CLI version 9.9.9 (abc)'\n");
  chmodSync(file, 0o755);
  expect(found({ BICEP_PATH: file })).toBe("9.9.9");
});

test("a compiler of the pinned version on the PATH needs no fetching", () => {
  onPath(BICEP_VERSION);
  const dotnet = path.join(folder, "dotnet");
  writeFileSync(dotnet, `#!/bin/sh\necho fetched > "${folder}/fetched"\nexit 1\n`);
  chmodSync(dotnet, 0o755);
  expect(found()).toBe(BICEP_VERSION);
  expect(existsSync(path.join(folder, "fetched"))).toBe(false);
  // Of another version the pinned one is tried for first.
  onPath("0.30.1");
  expect(found()).toBe("0.30.1");
  expect(existsSync(path.join(folder, "fetched"))).toBe(true);
});

test("where none can be had, what was tried is said, each thing once", () => {
  expect(found()).toBe("none: 2");
});
