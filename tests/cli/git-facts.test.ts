import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { gitFacts, personHere } from "../../cli/git-facts.ts";
import { temporaryFolder } from "./run-flowgate.ts";

async function checkout(): Promise<{ folder: string; git: (...words: string[]) => string }> {
  const folder = await temporaryFolder();
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.com");
  git("remote", "add", "origin", "https://someone:token@example.com/shop.git");
  await writeFile(path.join(folder, "flow.yaml"), "name: shop");
  git("add", ".");
  git(
    "-c",
    "user.name=Grace",
    "-c",
    "user.email=grace@example.com",
    "commit",
    "--quiet",
    "-m",
    "Begin\n\nMore.",
  );
  return { folder, git };
}

test("a clean checkout gives the commit's own facts, and no credentials", async () => {
  const { folder, git } = await checkout();
  expect(await gitFacts(folder)).toEqual({
    repository: "https://example.com/shop.git",
    branch: "main",
    commit: git("rev-parse", "HEAD"),
    author: "Grace <grace@example.com>",
    message: "Begin",
  });
});

test("changes that are not committed mark the commit, and are by who works here", async () => {
  const { folder, git } = await checkout();
  await writeFile(path.join(folder, "flow.yaml"), "name: store");
  const facts = await gitFacts(folder);
  expect(facts.commit).toBe(`${git("rev-parse", "HEAD")}-dirty`);
  expect(facts.author).toBe("Ada <ada@example.com>");
  expect(facts.message).toBeUndefined();
});

test("outside a checkout the person is all that is known", async () => {
  const folder = await temporaryFolder();
  expect(await personHere(folder)).not.toBe("");
  expect(await gitFacts(folder)).toEqual({ author: await personHere(folder) });
});
