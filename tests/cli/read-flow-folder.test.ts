import { execFile } from "node:child_process";
import { mkdir, symlink, truncate } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readFlowFolder } from "../../cli/read-flow-folder.ts";
import { folderWith } from "./sample-flow.ts";

test("files are read by their path in the folder; dotfiles and node_modules are not", async () => {
  const folder = await folderWith({
    "flow.yaml": "name: shop",
    "data/deep/q.jsonl": "{}",
    ".gitignore": "x",
    ".git/config": "x",
    "node_modules/left/index.js": "x",
  });
  const { files, diagnostics } = await readFlowFolder(folder);
  expect([...files.keys()]).toEqual(["data/deep/q.jsonl", "flow.yaml"]);
  expect(Buffer.from(files.get("flow.yaml") ?? "").toString()).toBe("name: shop");
  expect(diagnostics).toEqual([]);
});

test("a file of secrets is refused wherever it is", async () => {
  const folder = await folderWith({ "flow.yaml": "", ".env": "KEY=1", "data/.env.local": "KEY=1" });
  const { files, diagnostics } = await readFlowFolder(folder);
  expect(diagnostics.map(({ severity, file }) => [severity, file])).toEqual([
    ["error", ".env"],
    ["error", "data/.env.local"],
  ]);
  expect([...files.keys()]).toEqual(["flow.yaml"]);
});

test("a link within the folder is followed; one that leaves it, leads nowhere or in circles is refused", async () => {
  const outside = await folderWith({ "secret.txt": "s" });
  const folder = await folderWith({ "flow.yaml": "name: shop", "data/q.jsonl": "{}" });
  await symlink(path.join(folder, "data", "q.jsonl"), path.join(folder, "same.jsonl"));
  await symlink(path.join(outside, "secret.txt"), path.join(folder, "leaves.txt"));
  await symlink(outside, path.join(folder, "leaves"));
  await symlink(path.join(folder, "gone"), path.join(folder, "nowhere"));
  await symlink(path.join(folder, "data"), path.join(folder, "data", "round"));
  await symlink(".", path.join(folder, "loop"));
  const { files, diagnostics } = await readFlowFolder(folder);
  expect([...files.keys()]).toEqual(["data/q.jsonl", "flow.yaml", "same.jsonl"]);
  expect(diagnostics.map(({ file, message }) => [file, message])).toEqual([
    ["data/round", "this link leads back into itself"],
    ["leaves", "this link leaves the flow's folder"],
    ["leaves.txt", "this link leaves the flow's folder"],
    ["loop", "this link leads back into itself"],
    ["nowhere", "this link leads nowhere"],
  ]);
});

test("a file over 32 MB is refused without being read", async () => {
  const folder = await folderWith({ "flow.yaml": "", "data/big.jsonl": "" });
  await truncate(path.join(folder, "data", "big.jsonl"), 32 * 1024 * 1024 + 1);
  const { files, diagnostics } = await readFlowFolder(folder);
  expect(files.has("data/big.jsonl")).toBe(false);
  expect(diagnostics).toMatchObject([{ file: "data/big.jsonl", severity: "error" }]);
});

test("more files than a flow has end the reading, and so do folders that links multiply", async () => {
  const many = await folderWith(
    Object.fromEntries(Array.from({ length: 5002 }, (_, index) => [`f${index}.txt`, ""])),
  );
  const read = await readFlowFolder(many);
  expect(read.files.size).toBe(5000);
  expect(read.diagnostics).toMatchObject([
    { severity: "error", message: expect.stringContaining("more than 5000") },
  ]);

  const folder = await folderWith({ "flow.yaml": "" });
  await mkdir(path.join(folder, "d15"));
  for (let depth = 14; depth >= 0; depth -= 1) {
    await mkdir(path.join(folder, `d${depth}`));
    for (const name of ["a", "b", "c"]) {
      await symlink(path.join(folder, `d${depth + 1}`), path.join(folder, `d${depth}`, name));
    }
  }
  const { diagnostics } = await readFlowFolder(folder);
  expect(diagnostics).toMatchObject([
    { severity: "error", message: expect.stringContaining("more than 5000") },
  ]);
});

test("a pipe is no file of a flow, and is not waited for", async () => {
  const folder = await folderWith({ "flow.yaml": "" });
  await promisify(execFile)("mkfifo", [path.join(folder, "pipe.jsonl")]);
  const { diagnostics } = await readFlowFolder(folder);
  expect(diagnostics).toMatchObject([{ file: "pipe.jsonl", message: "this is not a regular file" }]);
});

test("a folder that is not there, or is a file, is named", async () => {
  const folder = await folderWith({ "flow.yaml": "" });
  await expect(readFlowFolder(path.join(folder, "nope"))).rejects.toThrow("There is no folder");
  await expect(readFlowFolder(path.join(folder, "flow.yaml"))).rejects.toThrow("is a file");
});
