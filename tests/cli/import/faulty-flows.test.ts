import { symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { findImport } from "../../../cli/import/find-import.ts";
import { importFolder } from "../../../cli/import/import-folder.ts";
import { folderWith } from "../sample-flow.ts";
import { CHAT_TEMPLATE, dagWith, importTexts, said } from "./import-texts.ts";

test("references that lead nowhere are errors by line with the nearest name, and nothing is written", async () => {
  const node = "    tone: ${inputs.ton}\n    pages: ${find.output}\n";
  const more = "- name: finder\n  type: python\n  source: {type: code, path: f.py}\n";
  const inputs = "  question:\n    type: string\n  tone:\n    type: string";
  const { files, notCarried } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs, node, more }),
    "chat.jinja2": CHAT_TEMPLATE,
  });
  expect(files).toBeUndefined();
  expect(said(notCarried)).toEqual([
    "flow.dag.yaml:19 The node chat refers to the input ton, which is not there.",
    "flow.dag.yaml:20 The node chat refers to the node find, which is not there.",
  ]);
  expect(notCarried[0]?.remedy).toContain("Did you mean tone?");
});

test("nodes that wait for each other are refused by name", async () => {
  const node = "    x: ${b.output}\n";
  const more =
    "- name: b\n  type: prompt\n  source: {type: code, path: chat.jinja2}\n  inputs: {y: '${chat.output}'}\n";
  const { files, notCarried } = await importTexts({
    "flow.dag.yaml": dagWith({ node, more }),
    "chat.jinja2": CHAT_TEMPLATE,
  });
  expect(files).toBeUndefined();
  expect(notCarried[0]?.message).toBe("The nodes wait for each other: chat -> b -> chat.");
});

test("a template that is missing, outside of the folder or broken is an error at its place", async () => {
  const missing = await importTexts({ "flow.dag.yaml": dagWith() });
  expect(said(missing.notCarried)).toEqual(["flow.dag.yaml:13 There is no file chat.jinja2."]);
  const outside = await importTexts({
    "flow.dag.yaml": dagWith().replace("chat.jinja2", "../../etc/passwd"),
  });
  expect(said(outside.notCarried)).toEqual(["flow.dag.yaml:13 ../../etc/passwd leaves the flow's folder."]);
  const absolute = await importTexts({ "flow.dag.yaml": dagWith().replace("chat.jinja2", "/etc/passwd") });
  expect(said(absolute.notCarried)).toEqual(["flow.dag.yaml:13 /etc/passwd leaves the flow's folder."]);
  const broken = await importTexts({
    "flow.dag.yaml": dagWith(),
    "chat.jinja2": "user:\nHi\n{% for x in %}",
  });
  expect(broken.files).toBeUndefined();
  expect(broken.notCarried[0]).toMatchObject({ file: "chat.jinja2", line: 3 });
});

test("a link out of the repository is not followed", async () => {
  const secret = await folderWith({ "secret.jinja2": "user:\nsecret\n" });
  const folder = await folderWith({ ".git/HEAD": "", "flow.dag.yaml": dagWith() });
  await symlink(path.join(secret, "secret.jinja2"), path.join(folder, "chat.jinja2"));
  const { files, notCarried } = await importFolder(await findImport(folder), {
    name: undefined,
    run: undefined,
  });
  expect([files, said(notCarried)]).toEqual([undefined, ["flow.dag.yaml:13 There is no file chat.jinja2."]]);
});

test("shared files of the same repository are read, those outside of it are not", async () => {
  const folder = await folderWith({
    "outside.jinja2": CHAT_TEMPLATE,
    "repository/.git/HEAD": "",
    "repository/shared/chat.jinja2": CHAT_TEMPLATE,
    "repository/a/flow.dag.yaml": dagWith({ more: "additional_includes:\n- ../shared/chat.jinja2\n" }),
    "repository/b/flow.dag.yaml": dagWith({ more: "additional_includes:\n- ../shared\n" }).replace(
      "path: chat",
      "path: shared/chat",
    ),
    "repository/c/flow.dag.yaml": dagWith({ more: "additional_includes:\n- ../../outside.jinja2\n" }).replace(
      "path: chat",
      "path: outside",
    ),
  });
  const importOf = async (name: string): Promise<boolean> => {
    const found = await findImport(path.join(folder, "repository", name));
    return (await importFolder(found, { name: undefined, run: undefined })).files !== undefined;
  };
  expect([await importOf("a"), await importOf("b"), await importOf("c")]).toEqual([true, true, false]);
});

test.for([
  [
    "a bomb of aliases",
    `a: &a [1]\n${"b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n".repeat(1)}${Array.from({ length: 20 }, (_, i) => `k${i}: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]`).join("\n")}`,
  ],
  ["a key twice", "inputs: {}\ninputs: {}\n"],
  ["deep nesting", `inputs: ${"[".repeat(5000)}`],
  ["no mapping", "- a\n- b\n"],
  ["no nodes", "inputs: {}\n"],
  ["nothing", ""],
  ["nodes that are none", "nodes: [1, null, {type: llm}]\n"],
] as const)("a flow.dag.yaml with %s is refused with a place", async ([, text]) => {
  const { files, notCarried } = await importTexts({ "flow.dag.yaml": text });
  expect(files).toBeUndefined();
  expect(notCarried.length).toBeGreaterThan(0);
  expect(notCarried[0]).toMatchObject({ file: "flow.dag.yaml", severity: "error" });
});

test("a template full of openings that never close is refused in bounded time", async () => {
  const template = "{% for item in question ".repeat(8000);
  const inputs = "  question:\n    type: list\n    is_chat_history: true";
  const { files } = await importTexts({ "flow.dag.yaml": dagWith({ inputs }), "chat.jinja2": template });
  expect(files).toBeUndefined();
});

test("what the model would call, and parameters of the retired API, are named and left out", async () => {
  const node =
    "    functions: '[{\"name\": \"weather\"}]'\n    function_call: auto\n    suffix: ' end'\n    temperature: warm\n    max_tokens: inf\n    echo: 'False'\n";
  const { notCarried, text } = await importTexts({
    "flow.dag.yaml": dagWith({ node }),
    "chat.jinja2": CHAT_TEMPLATE,
  });
  expect(said(notCarried).filter((line) => !line.includes("No dataset"))).toEqual([
    "flow.dag.yaml:17 functions of chat is not carried over.",
    "flow.dag.yaml:19 suffix of chat is not carried over.",
    'flow.dag.yaml:20 temperature of chat is "warm", which is no value for it.',
  ]);
  expect(text("chat.prompty")).not.toContain("parameters");
});

test("a mapping onto another run's outputs, or a column that is not there, is named", async () => {
  const { notCarried } = await importTexts({
    "flow.dag.yaml": dagWith({
      inputs: "  question:\n    type: string\n  tone:\n    type: string\n    default: calm",
    }),
    "chat.jinja2": CHAT_TEMPLATE,
    "run.yaml": "data: rows.jsonl\ncolumn_mapping:\n  question: ${data.asked}\n  tone: ${run.outputs.tone}\n",
    "rows.jsonl": '{"query": "Why?"}\n',
  });
  expect(said(notCarried)).toEqual([
    "flow.dag.yaml:4 The input tone is not carried over: nothing that makes the answer uses it.",
    "run.yaml:3 The dataset rows.jsonl has no column asked; it has query.",
    "run.yaml:4 tone is taken from ${run.outputs.tone}, the result of another run.",
  ]);
});

test("a column that is mapped to no input is carried under the name it is mapped to, the expected answer among them", async () => {
  const { text } = await importTexts({
    "flow.dag.yaml": dagWith({}),
    "chat.jinja2": CHAT_TEMPLATE,
    "run.yaml":
      "data: rows.jsonl\ncolumn_mapping:\n  question: ${data.q}\n  note: ${data.c}\n  ground_truth: ${data.gt}\n",
    "rows.jsonl": '{"q": "Why?", "gt": "Because.", "c": "short"}\n',
  });
  expect(JSON.parse(text("data/rows.jsonl"))).toMatchObject({
    question: "Why?",
    note: "short",
    ground_truth: "Because.",
  });
});

test("a folder of another kind is refused with what can be imported", async () => {
  await expect(importTexts({ "readme.md": "" })).rejects.toThrow(/holds no flow.dag.yaml/);
  await expect(importTexts({ "a.prompty": "", "b.prompty": "" })).rejects.toThrow("a.prompty, b.prompty");
  await expect(importTexts({ "flow.yaml": "name: x" })).rejects.toThrow("is a flow of Flowgate already");
  await expect(importTexts({}, "nowhere")).rejects.toThrow("Name a folder of Prompt Flow");
});
