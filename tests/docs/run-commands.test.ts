import { execFileSync, spawnSync } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate, temporaryFolder } from "../cli/run-flowgate.ts";
import { documents, REPOSITORY, shellBlocks } from "./documents.ts";
import { ourCommands } from "./our-commands.ts";

const PROGRAMS =
  /^(?:(?:npx|npm|flowgate|az|azd|gh|git|sh|curl|docker|zip|for) |\w+=\S* (?:npx|npm|flowgate) )/m;

/** What stands for something else gets a word of its own: `<folder>`, `[--json]`. */
function filledIn(text: string): string {
  return text.replaceAll(/<[a-z][^<>\n]*>/g, "word").replaceAll(/ \[(--[^[\]\n]*)\]/g, " $1");
}

test.each([...documents()])("every block of commands of %s is one that a shell reads", (_, markdown) => {
  // With a prompt in it, a block shows what is answered too.
  const blocks = shellBlocks(markdown).filter((text) => PROGRAMS.test(text) && !/^\$ /m.test(text));
  const refused = blocks.flatMap((text) => {
    const { status, stderr } = spawnSync("sh", ["-n"], { input: filledIn(text), encoding: "utf8" });
    return status === 0 ? [] : [`${stderr}${text}`];
  });
  expect(refused).toEqual([]);
});

test("what no shell reads is noticed", () => {
  expect(spawnSync("sh", ["-n"], { input: "az group list --query \"[?name=='x'\n" }).status).not.toBe(0);
});

/** Those that need no platform, no account, no terminal and nothing that another page makes first. */
const LOCAL = /^(?:validate|render|key|init|hook (?:un)?install|import|diff old\/\S+)\b.*$/;

/** A name alone is the verb and no call of it; what watches does not end. */
function localCommands(): string[] {
  return ourCommands().filter(
    (call) => LOCAL.test(call) && call.includes(" ") && !/<|\.\.\.|--watch/.test(call),
  );
}

test("the guides' commands that need nothing but local files do what they say", async () => {
  const folder = await temporaryFolder();
  const sample = path.join(REPOSITORY, "flows/contoso-chat");
  for (const copy of ["flows/contoso-chat", "old/shop", "new/shop"]) {
    await cp(sample, path.join(folder, copy), { recursive: true });
  }
  const prompt = path.join(folder, "new/shop/chat.prompty");
  await writeFile(prompt, "---\nname: other\n---\nsystem:\nBe brief.\nuser:\n{{ question }}\n");
  execFileSync("git", ["-C", folder, "init", "--quiet"]);

  const calls = localCommands();
  expect(calls).toEqual(
    expect.arrayContaining([
      "diff old/shop new/shop",
      "hook install",
      "init --github",
      "key ci --role operator",
      "render flows/contoso-chat/chat.prompty --sample",
      "validate flows/contoso-chat",
    ]),
  );
  for (const call of calls) {
    const { code, stdout, stderr } = await flowgate(call.split(/\s+/), { folder });
    expect({ call, code, ...(code === 0 ? {} : { stdout, stderr }) }).toEqual({ call, code: 0 });
  }
});
