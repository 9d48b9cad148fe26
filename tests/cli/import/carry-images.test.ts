import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate } from "../run-flowgate.ts";
import { folderWith } from "../sample-flow.ts";
import { CHAT_TEMPLATE, dagWith, importTexts, said } from "./import-texts.ts";

const INPUTS = "  question:\n    type: string\n  photo:\n    type: image";
const NODE = "    photo: ${inputs.photo}\n";

test("images that rows name come along, as files beside the prompt, in Prompt Flow's form or as a path", async () => {
  const rows = [
    { question: "One?", photo: { "data:image/png;path": "pictures/a.png" } },
    { question: "Two?", photo: "pictures/a.png" },
    { question: "Three?", photo: { "data:image/jpg;url": "https://example.com/b" } },
    { question: "Four?", photo: { "data:image/png;base64": "iVBORw0KGgo=" } },
    { question: "Five?", photo: { "data:image/png;path": "../outside/a.png" } },
  ];
  const { files, problems, ...imported } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs: INPUTS, node: NODE }),
    "chat.jinja2": `${CHAT_TEMPLATE}![photo]({{photo}})\n`,
    "data/rows.jsonl": rows.map((row) => JSON.stringify(row)).join("\n"),
    "data/pictures/a.png": "GIF89a",
    "outside/a.png": "GIF87a",
  });
  expect(imported.rows("data/rows.jsonl").map(({ photo }) => photo)).toEqual([
    "images/rows/a.png",
    "images/rows/a.png",
    "https://example.com/b",
    { "data:image/png;base64": "iVBORw0KGgo=" },
    "images/rows/a-2.png",
  ]);
  expect(files?.get("images/rows/a.png")).toEqual(Buffer.from("GIF89a"));
  expect(problems).toEqual([]);
});

test("an image that is not there stays for validate to name", async () => {
  const { problems } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs: INPUTS, node: NODE }),
    "chat.jinja2": `${CHAT_TEMPLATE}![photo]({{photo}})\n`,
    "data.jsonl": '{"question": "One?", "photo": {"data:image/png;path": "none.png"}}',
  });
  expect(said(problems ?? [])).toEqual([
    "data/questions.jsonl:1 photo: The image none.png: There is no such file beside the prompt.",
  ]);
});

test("a .prompty file brings the image that is an input's default, and the prompts among its tools with what they name", async () => {
  const folder = await folderWith({
    "old/look.prompty":
      "---\nmodel: { id: m }\ninputs: [{ name: photo, kind: image, default: a.png }]\ntools: [{ name: ask, kind: prompty, path: ./more/child.prompty }, { name: gone, kind: prompty, path: gone.prompty }]\n---\nuser:\n{{ photo }}\n",
    "old/more/child.prompty":
      "---\ndescription: ${file:about.txt}\ninputs: [{ name: q, kind: string }]\ntools: [{ name: back, kind: prompty, path: ../look.prompty }]\n---\nuser:\n{{ q }}\n",
    "old/more/about.txt": "Asks.",
  });
  await writeFile(path.join(folder, "old", "a.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  const { stdout } = await flowgate(["import", "old/look.prompty", "--json"], { folder });
  const { files } = JSON.parse(stdout) as { files: string[] };
  expect(files).toEqual(
    expect.arrayContaining(["a.png", "look.prompty", "more/child.prompty", "more/about.txt"]),
  );
});

test("a .prompty file brings the images that its template and its sample name, as bytes", async () => {
  const folder = await folderWith({
    "old/look.prompty":
      "---\nmodel: { api: chat }\ninputs: { photo: { type: image } }\nsample: { photo: b.jpg }\n---\nuser:\n![x](img/a.png) {{ photo }}\n",
  });
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
  await mkdir(path.join(folder, "old", "img"));
  await writeFile(path.join(folder, "old", "img", "a.png"), bytes);
  await writeFile(path.join(folder, "old", "b.jpg"), bytes);
  const { code, stdout } = await flowgate(["import", "old/look.prompty", "--json"], { folder });
  expect(code).toBe(0);
  const { valid, files } = JSON.parse(stdout) as { valid: boolean; files: string[] };
  expect(valid).toBe(true);
  expect(files).toEqual(expect.arrayContaining(["b.jpg", "img/a.png", "look.prompty"]));
  const rendered = await flowgate(["render", "flows/look/look.prompty", "--sample", "--json"], { folder });
  expect(rendered.stdout).toContain(`data:image/png;base64,${bytes.toString("base64")}`);
});
