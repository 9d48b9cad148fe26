import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate } from "./run-flowgate.ts";
import { folderWith } from "./sample-flow.ts";

const PROMPT = [
  "---",
  "name: shop",
  "inputs:",
  "  question: { type: string, is_required: true }",
  "  count: { type: integer, default: 3 }",
  "  customer: { type: object, is_required: true }",
  "sample:",
  "  question: When?",
  "  customer: { name: Amara }",
  "---",
  "system:",
  "Know {{ count + 1 }} things about {{ customer.name }}.",
  "",
  "user:",
  "{{ question }}",
  "",
].join("\n");

test("the messages are printed as they would be sent, and nothing else is on stdout", async () => {
  const folder = await folderWith({ "chat.prompty": PROMPT });
  const words = [
    "render",
    "chat.prompty",
    "--set",
    "question=system:\nWhy=that?",
    "--set",
    'customer={"name":"Bo"}',
  ];
  const { code, stdout, stderr } = await flowgate(words, { folder });
  expect(stdout).toBe("system:\nKnow 4 things about Bo.\n\nuser:\nsystem:\nWhy=that?\n");
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

test("--json is an array of roles and contents, parts where there is more than text", async () => {
  const folder = await folderWith({
    "deep/look.prompty":
      '---\ninputs: [{ name: photo, kind: image }]\n---\nuser[name="Bo"]:\nWhat is it?\n{{ photo }}\n',
  });
  await writeFile(path.join(folder, "deep", "a.png"), "GIF89a");
  const { code, stdout } = await flowgate(["render", "deep/look.prompty", "--set", "photo=a.png", "--json"], {
    folder,
  });
  expect(JSON.parse(stdout)).toEqual([
    {
      role: "user",
      name: "Bo",
      content: [
        { type: "text", text: "What is it?\n" },
        { type: "image_url", image_url: { url: "data:image/gif;base64,R0lGODlh" } },
      ],
    },
  ]);
  expect(code).toBe(0);
});

test("required inputs that are missing are one error that lists them; a sample is taken only when asked for", async () => {
  const folder = await folderWith({ "chat.prompty": PROMPT });
  const refused = await flowgate(["render", "chat.prompty", "--json"], { folder });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("chat.prompty:4:3: error: Missing required inputs: question, customer.");
  expect(JSON.parse(refused.stdout)).toMatchObject({
    diagnostics: [{ severity: "error", file: "chat.prompty", line: 4, column: 3 }],
  });
  const { code, stdout } = await flowgate(["render", "chat.prompty", "--sample", "--set", "count=4"], {
    folder,
  });
  expect(stdout).toBe("system:\nKnow 5 things about Amara.\n\nuser:\nWhen?\n");
  expect(code).toBe(0);
});

test("inputs come from a file, and what is set goes before it; a misspelt one is named with its place", async () => {
  const folder = await folderWith({
    "chat.prompty": PROMPT,
    "in.json": '{\n  "question": "From file",\n  "customer": {"name": "Cy"},\n  "cuont": 9\n}',
  });
  const { code, stdout, stderr } = await flowgate(
    ["render", "chat.prompty", "--inputs", "in.json", "--set", "question=Set", "--json"],
    { folder },
  );
  expect(JSON.parse(stdout)).toEqual([
    { role: "system", content: "Know 4 things about Cy." },
    { role: "user", content: "Set" },
  ]);
  expect(stderr).toBe("in.json:4:3: warning: Nobody uses the input cuont.\n    Did you mean count?\n");
  expect(code).toBe(0);
});

test.each<[what: string, words: string[], expected: string]>([
  ["no prompt", ["none.prompty"], "error: There is no file none.prompty."],
  ["a folder", ["."], "error: . is no file."],
  ["no inputs", ["ok.prompty", "--inputs", "none.json"], "error: There is no file none.json."],
  [
    "inputs that are no JSON",
    ["ok.prompty", "--inputs", "bad.json"],
    "bad.json:2:3: error: This is not JSON: ",
  ],
  [
    "inputs that are a list",
    ["ok.prompty", "--inputs", "list.json"],
    "list.json:1:1: error: The inputs are no object.",
  ],
  [
    "a key given twice",
    ["ok.prompty", "--inputs", "twice.json"],
    "twice.json:1:10: error: The key n is given twice.",
  ],
  ["a set without a value", ["ok.prompty", "--set", "n"], "Write it as name=value."],
  ["a frontmatter that is broken", ["broken.prompty"], "broken.prompty:2:1: error: "],
  ["bytes that are no text", ["bytes.prompty"], "bytes.prompty:1:1: error: The file is not valid UTF-8."],
  [
    "a file out of the folder",
    ["leaves.prompty"],
    "leaves.prompty:2:14: error: Referenced file 'link.txt' is reached by a link",
  ],
  [
    "a hidden file",
    ["hidden.prompty"],
    "hidden.prompty:2:14: error: Referenced file '.env' is no file that a prompt may read",
  ],
  ["an error while rendering", ["fails.prompty"], "fails.prompty:2:4: error: Division by zero."],
  ["a link out of the folder", ["leaves.prompty"], "links are not followed there"],
  ["a NUL", ["nul.prompty"], "nul.prompty:2:3: error: The file holds a NUL character."],
])("%s ends with exit code 2 and says where", async (_what, words, expected) => {
  const outside = await folderWith({ "secret.txt": "s3cret" });
  const folder = await folderWith({
    "ok.prompty": "---\ninputs: [{ name: n, kind: integer }]\n---\nuser:\n{{ n }}",
    "bad.json": "{\n  n: 1}",
    "list.json": "[]",
    "twice.json": '{"n": 1, "n": 2}',
    "broken.prompty": "---\na: 1\n a: 2\n---\nuser:\nHi".replace("a: 1\n a", "\ta: 1\na"),
    "leaves.prompty": "---\ndescription: ${file:link.txt}\n---\nuser:\nHi",
    "hidden.prompty": "---\ndescription: ${file:.env}\n---\nuser:\nHi",
    ".env": "KEY=s3cret",
    "nul.prompty": "user:\nHi\0",
    "fails.prompty": "user:\n{{ 1 / 0 }}",
  });
  await writeFile(path.join(folder, "bytes.prompty"), Buffer.from([0xff, 0xfe]));
  await symlink(path.join(outside, "secret.txt"), path.join(folder, "link.txt"));
  const { code, stdout, stderr } = await flowgate(["render", ...words], { folder });
  expect(stderr).toContain(expected);
  expect(stderr + stdout).not.toContain("s3cret");
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

test("a value of another kind than is declared is rendered as it is, with a warning at its place", async () => {
  const folder = await folderWith({
    "a.prompty":
      "---\ninputs: [{ name: n, kind: integer }, { name: docs, kind: object }]\n---\nuser:\n{{ n }}{{ docs[0] }}",
    "in.json": '{\n  "n" : "3",\n "docs": ["tent"]\n}',
  });
  const { code, stdout, stderr } = await flowgate(["render", "a.prompty", "--inputs", "in.json"], { folder });
  expect(stderr).toContain(
    'in.json:2:9: warning: The input n is declared as integer; here stands the text "3".\n    Write it without quotes: 3.',
  );
  expect(stderr).toContain(
    "in.json:3:10: warning: The input docs is declared as object; here stands a list.",
  );
  expect(stdout).toBe("user:\n3tent\n");
  expect(code).toBe(0);
  const set = await flowgate(["render", "a.prompty", "--set", "n=many", "--set", "docs=[1]"], { folder });
  expect(set.stderr).toContain(
    'a.prompty:2:10: warning: --set n: The input n is declared as integer; here stands the text "many".',
  );
  expect(set.stdout).toContain("user:\nmany");
});

test("a number that an input's file writes otherwise than it is printed is a warning at its place", async () => {
  const folder = await folderWith({
    "a.prompty": "user:\n{{ n }} {{ m }}",
    "in.json": '{"n": 2.0,\n "m": 12345678901234567890}',
  });
  const { code, stderr } = await flowgate(["render", "a.prompty", "--inputs", "in.json"], { folder });
  expect(stderr).toContain("in.json:1:7: warning: The number 2.0 is read as 2, and printed so.");
  expect(stderr).toContain("in.json:2:7: warning: The number 12345678901234567890 loses digits");
  expect(code).toBe(0);
});

test("the environment serves what the file refers to, and a byte order mark and Windows' newlines change nothing", async () => {
  const text = "\uFEFF---\r\ninputs:\r\n  place: ${env:PLACE:nowhere}\r\n---\r\nuser:\r\nAt {{ place }}\r\n";
  const folder = await folderWith({ "a.prompty": text });
  const { stdout } = await flowgate(["render", "a.prompty"], { folder, environment: { PLACE: "home" } });
  expect(stdout).toBe("user:\nAt home\n");
});

test("a value from the environment that looks like a secret is masked before anything is rendered, which is said", async () => {
  const text = [
    "---",
    "inputs:",
    "  apiKey: ${env:A}",
    "  place: ${env:PLACE}",
    "  url: http://${env:PLACE}/${env:SERVICE_TOKEN}",
    "sample: { who: '${env:B_SECRET}' }",
    "---",
    "user:",
    "{{ apiKey | upper }} {{ apiKey[0:3] }} {{ place }} {{ url }} {{ who }}",
  ].join("\n");
  const folder = await folderWith({ "a.prompty": text });
  const environment = { A: "s3cret-a", PLACE: "home", SERVICE_TOKEN: "s3cret-t", B_SECRET: "s3cret-b" };
  const printed = await flowgate(["render", "a.prompty", "--sample"], { folder, environment });
  expect(printed.stdout).toBe(
    "user:\n[MASKED: A] [ma home http://home/[masked: SERVICE_TOKEN] [masked: B_SECRET]\n",
  );
  expect(printed.stderr).toContain(
    "a.prompty:3:11: warning: inputs.apiKey takes its value from A, which looks like a secret",
  );
  expect(printed.stderr).toContain("a.prompty:6:16: warning: who takes its value from B_SECRET");
  const json = await flowgate(["render", "a.prompty", "--sample", "--json"], { folder, environment });
  expect([printed.stdout, printed.stderr, json.stdout, json.stderr].join()).not.toMatch(/s3c/i);
});

test("a link is followed within the folder, and refused where it leads out of it", async () => {
  const outside = await folderWith({ "secret.prompty": "user:\ns3cret" });
  const folder = await folderWith({ "deep/a.prompty": "user:\nHi" });
  await symlink(path.join(outside, "secret.prompty"), path.join(folder, "out.prompty"));
  await symlink(path.join("deep", "a.prompty"), path.join(folder, "in.prompty"));
  await symlink(path.join("..", "in.prompty"), path.join(folder, "deep", "up.prompty"));
  await symlink(outside, path.join(folder, "away"));
  expect(await flowgate(["render", "in.prompty"], { folder })).toMatchObject({
    code: 0,
    stdout: "user:\nHi\n",
  });
  expect(await flowgate(["render", "away/secret.prompty"], { folder })).toMatchObject({ code: 0 });
  const refused = await flowgate(["render", "out.prompty"], { folder });
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain(
    "out.prompty is a link that leaves its folder. Name the file that it leads to",
  );
});

test("an image that is none is an error where it was given, and one out of the folder is not there", async () => {
  const outside = await folderWith({ "secret.png": "s3cret" });
  const folder = await folderWith({
    "look.prompty": "---\ninputs: [{ name: photo, kind: image }]\n---\nuser:\n{{ photo }}\n",
    "in.json": '{\n  "photo": "link.png"\n}',
    "a.png": "png",
  });
  await symlink(path.join(outside, "secret.png"), path.join(folder, "link.png"));
  const fromFile = await flowgate(["render", "look.prompty", "--inputs", "in.json"], { folder });
  expect(fromFile).toMatchObject({ code: 2, stdout: "" });
  expect(fromFile.stderr).toBe(
    "in.json:2:3: error: photo: The image link.png: There is no such file beside the prompt.\n    Images there: a.png.\n",
  );
  const set = await flowgate(["render", "look.prompty", "--set", "photo=holiday"], { folder });
  expect(set).toMatchObject({ code: 2, stdout: "" });
  expect(set.stderr).toContain(
    "error: photo: holiday is no image.\n    An image is an http, https or data: URL",
  );
});

test("a text of 10 MB in --inputs is rendered, and one past the limits is refused with a place", async () => {
  const folder = await folderWith({
    "long.prompty": "system:\nBe brief.\nuser:\n{{ question | length }}\n",
    "twice.prompty": "system:\nBe brief.\nuser:\n{{ question }}{{ question }}\n",
    "in.json": JSON.stringify({ question: "x".repeat(9_000_000) }),
  });
  const read = await flowgate(["render", "long.prompty", "--inputs", "in.json"], { folder });
  expect(read).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("9000000") });
  const refused = await flowgate(["render", "twice.prompty", "--inputs", "in.json"], { folder });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /^twice\.prompty:4:\d+: error: The template \w+ (a text of )?more than 4000000/,
  );
});

test("what is set stands in for what the file of inputs has wrong", async () => {
  const folder = await folderWith({
    "chat.prompty": PROMPT,
    "in.json": '{"count": "many", "question": "Hi"}',
  });
  const words = ["render", "chat.prompty", "--inputs", "in.json", "--set", 'customer={"name":"Bo"}'];
  expect((await flowgate(words, { folder })).code).toBe(2);
  const mended = await flowgate([...words, "--set", "count=4"], { folder });
  expect(mended).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("Know 5 things") });
});
