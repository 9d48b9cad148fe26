import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlobStore } from "../../../shared/adapters/azure/blob-store.ts";
import { ensureStorage } from "../../../shared/adapters/azure/ensure-storage.ts";
import type { BlobStore } from "../../../shared/ports/blob-store.ts";
import { type Azurite, startAzurite } from "../../contract/azurite.ts";
import { type Finished, flowgate, temporaryFolder } from "../run-flowgate.ts";
import { folderWith, SHOP } from "../sample-flow.ts";

let azurite: Azurite;
let store: BlobStore;
beforeAll(async () => {
  azurite = await startAzurite();
  await ensureStorage({ connectionString: azurite.connectionString });
  store = createBlobStore({ connectionString: azurite.connectionString });
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

/** A repository with a flow of its own name, and nothing committed. */
async function repository(flow: string): Promise<{ folder: string; git: (...words: string[]) => string }> {
  const texts = Object.entries(SHOP).map(([name, text]) => [
    `flows/${flow}/${name}`,
    text.replace("name: shop", `name: ${flow}`),
  ]);
  const folder = await folderWith(Object.fromEntries(texts) as Record<string, string>);
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...words], {
      encoding: "utf8",
      env: {
        ...process.env,
        AzureWebJobsStorage: azurite.connectionString,
        FLOWGATE_URL: "http://127.0.0.1:9",
      },
    }).trim();
  git("init", "--quiet", "--initial-branch", "main");
  return { folder, git };
}

const hook = (verb: string, folder: string): Promise<Finished> => flowgate(["hook", verb], { folder });

async function pushedCommit(flow: string): Promise<string | undefined> {
  const closing = await store.read("flows", `${flow}/.commit.json`);
  return closing && (JSON.parse(closing.body.toString()) as { commit?: string }).commit;
}

test("a commit pushes the flow it changes, with the commit's facts, and one that changes none pushes nothing", async () => {
  const { folder, git } = await repository("first");
  expect((await hook("install", folder)).code).toBe(0);
  git("add", ".");
  git("commit", "--quiet", "-m", "Begin");
  const begun = git("rev-parse", "HEAD");
  await expect.poll(() => pushedCommit("first"), { timeout: 60_000 }).toBe(begun);

  await writeFile(path.join(folder, "README.md"), "Words.");
  git("add", ".");
  git("commit", "--quiet", "-m", "Say more");
  await appendFile(path.join(folder, "flows/first/data/questions.jsonl"), '{"id":"2","question":"Why?"}\n');
  git("commit", "--quiet", "-am", "Ask more");
  await expect.poll(() => pushedCommit("first"), { timeout: 60_000 }).toBe(git("rev-parse", "HEAD"));
  const log = await readFile(path.join(folder, ".git/flowgate-hook.log"), "utf8");
  expect(log.match(/^Pushed first/gm)).toHaveLength(2);
});

test("a commit is made also where nothing can be pushed", async () => {
  const { folder, git } = await repository("second");
  await writeFile(path.join(folder, "flows/second/flow.yaml"), "nonsense: true\n");
  await hook("install", folder);
  git("add", ".");
  git("commit", "--quiet", "-m", "Begin");
  const log = path.join(folder, ".git/flowgate-hook.log");
  await expect
    .poll(() => readFile(log, "utf8").catch(() => ""), { timeout: 60_000 })
    .toContain("Nothing was pushed");
  expect(git("log", "--format=%s")).toBe("Begin");
});

test("a hook that is there keeps what it does; installed twice is installed once; uninstalled it is as before", async () => {
  const { folder } = await repository("third");
  const file = path.join(folder, ".git/hooks/post-commit");
  const mine = "#!/bin/sh\necho mine\n";
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, mine);
  await chmod(file, 0o755);
  await hook("install", folder);
  await hook("install", folder);
  const both = await readFile(file, "utf8");
  expect(both.startsWith(mine)).toBe(true);
  expect(both.match(/>>> flowgate/g)).toHaveLength(1);
  await hook("uninstall", folder);
  expect(await readFile(file, "utf8")).toBe(mine);
});

test("core.hooksPath is where it goes, and a worktree's hook is the repository's", async () => {
  const { folder, git } = await repository("fourth");
  git("config", "core.hooksPath", "my-hooks");
  await hook("install", folder);
  const file = path.join(folder, "my-hooks/post-commit");
  expect((await stat(file)).mode & 0o111).not.toBe(0);
  await hook("uninstall", folder);
  await expect(stat(file)).rejects.toThrow("ENOENT");

  git("config", "--unset", "core.hooksPath");
  git("commit", "--quiet", "--allow-empty", "-m", "Begin");
  const worktree = path.join(await temporaryFolder(), "tree");
  git("worktree", "add", "--quiet", worktree, "-b", "other");
  await hook("install", worktree);
  expect(await readFile(path.join(folder, ".git/hooks/post-commit"), "utf8")).toContain("hook run");
});

test("outside a repository there is nothing to install it in", async () => {
  const { code, stderr } = await hook("install", await temporaryFolder());
  expect([code, stderr]).toEqual([2, expect.stringContaining("is in no git repository")]);
});
