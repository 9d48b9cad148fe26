import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { claimDataFolder } from "../../local/claim-data-folder.ts";

async function scratch(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-claim-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("of two platforms that start at once on one folder, one is refused", async () => {
  const folder = path.join(await scratch(), "made", "on", "the", "way");
  const claims = await Promise.allSettled([claimDataFolder(folder), claimDataFolder(folder)]);
  expect(claims.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = claims.find((claim) => claim.status === "rejected");
  expect(String(refused?.reason)).toContain("A platform already runs on");
  for (const claim of claims) if (claim.status === "fulfilled") await claim.value[Symbol.asyncDispose]();
  await (await claimDataFolder(folder))[Symbol.asyncDispose]();
});

test("a killed platform's claim ends with it, and its addresses are cleared away", async () => {
  const folder = await scratch();
  await writeFile(path.join(folder, "local.json"), "{}");
  const module = path.resolve(import.meta.dirname, "../../local/claim-data-folder.ts");
  const program = `const { claimDataFolder } = await import(${JSON.stringify(module)});
    await claimDataFolder(${JSON.stringify(folder)});
    process.kill(process.pid, "SIGKILL");`;
  const killed = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  await expect(killed).rejects.toMatchObject({ signal: "SIGKILL" });
  await using _claim = await claimDataFolder(folder);
  expect(await readdir(folder)).toEqual([]);
});

test("a folder that cannot be made is one clear line", async () => {
  const file = path.join(await scratch(), "file");
  await writeFile(file, "");
  await expect(claimDataFolder(path.join(file, "data"))).rejects.toThrow(
    /cannot be written.*Set FLOWGATE_DATA/,
  );
});
