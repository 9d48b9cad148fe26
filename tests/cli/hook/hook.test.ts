import { execFileSync, spawnSync } from "node:child_process";
import { appendFile, chmod, cp, mkdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foreignInterpreter, withoutSection, withSection } from "../../../cli/hook/hook-script.ts";
import { lastingCommand } from "../../../cli/hook/lasting-command.ts";
import packageFacts from "../../../package.json" with { type: "json" };
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
});
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

test("of two flows of one name neither is pushed, and both say why", async () => {
  const { folder, git } = await repository("twin");
  await cp(path.join(folder, "flows/twin"), path.join(folder, "flows/copy"), { recursive: true });
  git("add", ".");
  git("commit", "--quiet", "-m", "Begin");
  const { code, stderr } = await hook("run", folder);
  expect(code).toBe(2);
  expect(stderr).toMatch(/flows\/copy: named as .*flows\/twin is, and not pushed: rename one\./);
  expect(stderr).toMatch(/flows\/twin: named as .*flows\/copy is/);
  expect(await pushedCommit("twin")).toBeUndefined();
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
  expect(both).toMatch(/^#!\/bin\/sh\n# >>> flowgate[^]*# <<< flowgate\necho mine\n$/);
  expect(both.match(/>>> flowgate/g)).toHaveLength(1);
  await hook("uninstall", folder);
  expect(await readFile(file, "utf8")).toBe(mine);
});

const hookOf = (folder: string): string => path.join(folder, ".git/hooks/post-commit");

/** A hook that is there already. */
async function present(folder: string, text: string, mode = 0o755): Promise<void> {
  await mkdir(path.dirname(hookOf(folder)), { recursive: true });
  await writeFile(hookOf(folder), text);
  await chmod(hookOf(folder), mode);
}

/** A command of the project's own, which notes that it was called, and how; then it does what it is given to do. */
async function ownCommand(folder: string, more = ""): Promise<void> {
  const file = path.join(folder, "node_modules/.bin/flowgate");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "called: $*"\n${more}`);
  await chmod(file, 0o755);
}

const logOf = (folder: string): Promise<string> =>
  readFile(path.join(folder, ".git/flowgate-hook.log"), "utf8").catch(() => "");

test("a hook that ends anywhere pushes all the same, with its own exit code and input, and waits for nothing", async () => {
  const { folder } = await repository("fifth");
  const end = path.join(folder, "end");
  await ownCommand(folder, `until [ -e '${end}' ]; do sleep 0.1; done\necho ended\n`);
  await present(folder, "#!/bin/sh\ncat >read\nwait\nexit 7\n");
  await hook("install", folder);
  expect(await readFile(hookOf(folder), "utf8")).toContain("'./node_modules/.bin/flowgate' hook run");
  // The command ends only once the hook has: one that waited for it would be killed.
  const { status } = spawnSync(hookOf(folder), { cwd: folder, input: "from git", timeout: 60_000 });
  await writeFile(end, "");
  expect(status).toBe(7);
  expect(await readFile(path.join(folder, "read"), "utf8")).toBe("from git");
  await expect.poll(() => logOf(folder)).toBe("called: hook run\nended\n");
});

test("what another language runs is left alone, and the lines are given; so is one that git passes over", async () => {
  const { folder } = await repository("sixth");
  const python = "#!/usr/bin/env -S python3 -u\nprint('mine')\n";
  await present(folder, python);
  const refused = await hook("install", folder);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/run by python3, which reads no shell[^]*hook run \|\| code/),
  ]);
  expect(await readFile(hookOf(folder), "utf8")).toBe(python);

  await present(folder, "#!/bin/sh\necho mine\n", 0o644);
  const off = await hook("install", folder);
  expect([off.code, off.stderr]).toEqual([2, expect.stringContaining("is not executable")]);
  expect(await readFile(hookOf(folder), "utf8")).not.toContain("flowgate");
});

test.each([
  ["#!/bin/sh", undefined],
  ["#! /usr/bin/env -S LANG=C bash -e", undefined],
  ["#!/bin/busybox sh", undefined],
  ["echo no shebang: git gives it to sh", undefined],
  ["#!/usr/bin/perl -w", "perl"],
  ["#!/usr/bin/env node", "node"],
  ["#!/usr/bin/fish", "fish"],
  ["\u007fELF\0", "the machine itself"],
])("%j is run by a shell, or by %s", (line, interpreter) => {
  expect(foreignInterpreter(`${line}\n`)).toBe(interpreter);
});

test("where what it runs is gone, the log says so", async () => {
  const { folder, git } = await repository("seventh");
  await ownCommand(folder);
  await hook("install", folder);
  await rm(path.join(folder, "node_modules"), { recursive: true });
  git("commit", "--quiet", "--allow-empty", "-m", "Begin");
  await expect
    .poll(() => logOf(folder))
    .toMatch(/nothing was pushed: this hook cannot run '.\/node_modules\/.bin\/flowgate' \(status 127\)/);
});

test("from npx's cache, which does not last, the package is recorded: a tarball by its place, else this version", async () => {
  const cache = path.join(await temporaryFolder(), "_npx/0123");
  const script = path.join(cache, "node_modules/flowgate/flowgate.mjs");
  await mkdir(path.dirname(script), { recursive: true });
  await writeFile(script, "");
  const recorded = async (wanted: string): Promise<string> => {
    await writeFile(path.join(cache, "package.json"), JSON.stringify({ dependencies: { flowgate: wanted } }));
    const { folder } = await repository("eighth");
    return lastingCommand(folder, folder, script);
  };
  const tarball = path.join(await realpath(cache), "flowgate.tgz");
  expect(await recorded("file:flowgate.tgz")).toBe(`npx --yes --package '${tarball}' flowgate`);
  const address = "https://example.com/flowgate.tgz";
  expect(await recorded(address)).toBe(`npx --yes --package '${address}' flowgate`);
  expect(await recorded("^0.1.0")).toBe(`npx --yes --package 'flowgate@${packageFacts.version}' flowgate`);
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

test("of husky it is the file that husky runs, and not the folder that husky writes anew", async () => {
  const { folder, git } = await repository("ninth");
  await ownCommand(folder);
  // What husky makes of itself at every installation of packages.
  const generated = path.join(folder, ".husky/_/post-commit");
  await mkdir(path.dirname(generated), { recursive: true });
  await writeFile(generated, '#!/bin/sh\nsh -e "$(dirname "$(dirname "$0")")/post-commit" "$@"\n');
  await chmod(generated, 0o755);
  git("config", "core.hooksPath", ".husky/_");
  await writeFile(path.join(folder, ".husky/post-commit"), "echo mine >mine\n");
  const { code, stdout } = await hook("install", folder);
  expect([code, stdout]).toEqual([0, expect.stringContaining("Husky runs it")]);
  expect(await readFile(generated, "utf8")).not.toContain("flowgate");
  git("commit", "--quiet", "--allow-empty", "-m", "Begin");
  await expect.poll(() => logOf(folder)).toBe("called: hook run\n");
  expect(await readFile(path.join(folder, "mine"), "utf8")).toBe("mine\n");
  await hook("uninstall", folder);
  expect(await readFile(path.join(folder, ".husky/post-commit"), "utf8")).toBe("echo mine >mine\n");
});

test("a hook with lines of Windows stays as it is, and Node's folder is named as its shell does", () => {
  const mine = "#!/bin/sh\r\necho mine\r\n";
  const both = withSection(mine, "npx flowgate", String.raw`C:\Program Files\nodejs`);
  expect(both.replaceAll(/# >>>[^]*# <<< flowgate\n/g, "(part)")).toBe("#!/bin/sh\r\n(part)echo mine\r\n");
  expect(both).toContain("PATH=\"$PATH\":'/c/Program Files/nodejs'; export");
  expect(withoutSection(both)).toBe(mine);
});

test("outside a repository there is nothing to install it in", async () => {
  const { code, stderr } = await hook("install", await temporaryFolder());
  expect([code, stderr]).toEqual([2, expect.stringContaining("is in no git repository")]);
});
