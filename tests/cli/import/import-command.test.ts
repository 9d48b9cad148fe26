import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate, temporaryFolder } from "../run-flowgate.ts";
import { folderWith } from "../sample-flow.ts";
import { CHAT_TEMPLATE, dagWith, FIXTURES } from "./import-texts.ts";

const ROWS = { "data.jsonl": '{"question": "Why?", "ground_truth": "Because."}\n' };

test("import writes a folder that validates, and leaves what it read as it was", async () => {
  const folder = await folderWith({
    "old/flow.dag.yaml": dagWith(),
    "old/chat.jinja2": CHAT_TEMPLATE,
    "old/data.jsonl": ROWS["data.jsonl"],
  });
  const { code, stdout, stderr } = await flowgate(["import", "old"], { folder });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(
    "✓ llm node chat (old/flow.dag.yaml:9:3)\n    chat.prompty, the prompt that answers",
  );
  expect(stdout).toContain("✓ old is valid. Next: flowgate push flows/old --wait");
  expect(await readdir(path.join(folder, "old"))).toEqual(["chat.jinja2", "data.jsonl", "flow.dag.yaml"]);
  expect(await readFile(path.join(folder, "old/flow.dag.yaml"), "utf8")).toBe(dagWith());
  expect(await readFile(path.join(folder, "flows/old/flow.yaml"), "utf8")).toMatch(
    /^# yaml-language-server: \$schema=\S+\n/,
  );
  const validated = await flowgate(["validate", "flows/old"], { folder });
  expect([validated.code, validated.stdout]).toEqual([
    0,
    expect.stringMatching(/^✓ old is valid: \d+ files, no problems\n$/),
  ]);
});

test("a flow that needs Python is written, and refused by validate before anything runs", async () => {
  const folder = await temporaryFolder();
  const imported = await flowgate(
    ["import", path.join(FIXTURES, "wikipedia-chat"), "--name", "guide", "--into", "new"],
    { folder },
  );
  expect(imported.code).toBe(0);
  expect(imported.stdout).toContain(
    "flow.dag.yaml:31:5: warning: The node find_pages, find_pages.py (Python), is not carried over.",
  );
  expect(imported.stdout).toContain("guide needs your hand (2 errors). Then: flowgate validate new");
  const validated = await flowgate(["validate", "new"], { folder });
  expect(validated.code).toBe(2);
  expect(validated.stdout).toMatch(
    /^new\/flow\.yaml:\d+:3: error: The step find_pages stands for find_pages\.py/,
  );
});

test("a folder that holds something is not overwritten unless that is forced", async () => {
  const folder = await folderWith({ "mine/keep.txt": "kept", "mine/flow.yaml": "mine" });
  const words = ["import", path.join(FIXTURES, "order-desk"), "--into", "mine"];
  const refused = await flowgate(words, { folder });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("mine is not empty")]);
  expect(await readFile(path.join(folder, "mine/flow.yaml"), "utf8")).toBe("mine");
  expect((await flowgate([...words, "--force"], { folder })).code).toBe(0);
  expect(await readFile(path.join(folder, "mine/flow.yaml"), "utf8")).toContain("name: order-desk");
  expect(await readFile(path.join(folder, "mine/keep.txt"), "utf8")).toBe("kept");
});

test("the new flow never lies inside of what is imported", async () => {
  const folder = await folderWith({ "flow.dag.yaml": dagWith(), "chat.jinja2": CHAT_TEMPLATE });
  const { code, stderr } = await flowgate(["import", "."], { folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining("is inside of what is imported")]);
  expect(await readdir(folder)).toEqual(["chat.jinja2", "flow.dag.yaml"]);
});

test("--json tells what was carried, what was not and where, and nothing else", async () => {
  const folder = await temporaryFolder();
  const { code, stdout } = await flowgate(["import", path.join(FIXTURES, "wikipedia-chat"), "--json"], {
    folder,
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    imported: true,
    flow: "wikipedia-chat",
    folder: "flows/wikipedia-chat",
    valid: false,
    files: expect.arrayContaining(["flow.yaml", "final_answer.prompty", "data/questions.jsonl"]) as string[],
    carried: expect.arrayContaining([
      {
        what: "llm node final_answer",
        file: "flow.dag.yaml",
        line: 46,
        column: 5,
        to: "final_answer.prompty, the prompt that answers",
      },
    ]) as object[],
    notCarried: expect.arrayContaining([
      expect.objectContaining({ file: "flow.dag.yaml", line: 31, severity: "warning" }),
    ]) as object[],
    diagnostics: [{ severity: "error" }, { severity: "error" }],
  });
});

test("what cannot be imported is said by line, exit code 2, and nothing is written", async () => {
  const folder = await temporaryFolder();
  const { code, stdout } = await flowgate(["import", path.join(FIXTURES, "flex-python")], { folder });
  expect(code).toBe(2);
  expect(stdout).toContain("flow.flex.yaml:2:8: error: The flow's entry guide:ChatFlow is Python");
  const json = await flowgate(["import", path.join(FIXTURES, "flex-python"), "--json"], { folder });
  expect(JSON.parse(json.stdout)).toMatchObject({ imported: false, notCarried: [{ line: 2 }] });
  expect(await readdir(folder)).toEqual([]);
});

test("a name that no flow may have is refused with one that may", async () => {
  const folder = await temporaryFolder();
  const { code, stderr } = await flowgate(
    ["import", path.join(FIXTURES, "order-desk"), "--name", "My Flow"],
    { folder },
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining("Take my-flow.")]);
});
