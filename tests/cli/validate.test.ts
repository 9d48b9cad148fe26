import path from "node:path";
import { expect, test } from "vitest";
import { BROKEN, PROBLEMS } from "../shared/flow/broken-folder.ts";
import type { Diagnostic } from "../../shared/model/flow.ts";
import { flowgate } from "./run-flowgate.ts";
import { folderWith, SHOP } from "./sample-flow.ts";

test("a valid flow is said to be valid, exit code 0, with nothing running", async () => {
  const folder = await folderWith(SHOP);
  const { code, stdout } = await flowgate(["validate", folder]);
  expect(stdout).toMatch(/shop is valid: 3 files, no problems\n$/);
  expect(code).toBe(0);
});

test("every problem is file:line:column with its remedy, exit code 2", async () => {
  const folder = await folderWith({
    ...SHOP,
    "flow.yaml": SHOP["flow.yaml"]?.replace("prompt:", "promt:") ?? "",
  });
  const { code, stdout } = await flowgate(["validate", folder]);
  expect(code).toBe(2);
  expect(stdout).toContain(`${path.join(folder, "flow.yaml")}:2:1: error: `);
  expect(stdout).toMatch(/is not valid: \d+ error/);
});

test("--json prints the findings", async () => {
  const folder = await folderWith({ ...SHOP, ".env": "KEY=1" });
  const { code, stdout } = await flowgate(["validate", folder, "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    diagnostics: [{ file: ".env", severity: "error" }],
  });
});

test("all problems of a folder are printed in one round, each once, on a line of its own; --json has the same ones", async () => {
  const folder = await folderWith(BROKEN);
  const { code, stdout } = await flowgate(["validate", folder]);
  expect(code).toBe(2);
  const lines = stdout.split("\n").filter((line) => line.startsWith(folder));
  expect(lines.map((line, index) => line.slice(folder.length + 1).slice(0, PROBLEMS[index]?.length))).toEqual(
    PROBLEMS,
  );
  const remedies = stdout.split("\n").filter((line) => line.startsWith("    "));
  expect(remedies.length).toBe(PROBLEMS.length);
  const warnings = PROBLEMS.filter((problem) => problem.includes(": warning: ")).length;
  const count = `${PROBLEMS.length - warnings} errors and ${warnings} warnings`;
  expect(stdout).toContain(`${folder} is not valid: ${count}\n`);

  const { stdout: json } = await flowgate(["validate", folder, "--json"]);
  const { valid, diagnostics } = JSON.parse(json) as { valid: boolean; diagnostics: Diagnostic[] };
  expect(valid).toBe(false);
  expect(
    diagnostics.map(({ file, line, column, severity, message }) =>
      [path.join(folder, file), line, column, ` ${severity}`, ` ${message}`].join(":"),
    ),
  ).toEqual(lines);
});

test("all that fails when a row is rendered is printed in one round, each place once, with the row", async () => {
  const prompt = `${SHOP["chat.prompty"] ?? ""}\n{{ question.foo() }}\n{{ question + 1 }}\n{{ 1 / 0 }}\n`;
  const folder = await folderWith({ ...SHOP, "chat.prompty": prompt });
  const { code, stdout } = await flowgate(["validate", folder]);
  expect(code).toBe(2);
  const first = prompt.slice(0, prompt.indexOf("{{ question.foo")).split("\n").length;
  const places = [`${first}:12`, `${first + 1}:4`, `${first + 2}:4`];
  const found = stdout.split("\n").filter((line) => line.startsWith(folder) && line.includes(": error: "));
  expect(found.map((line) => line.split(": error: ")[0])).toEqual(
    places.map((place) => `${path.join(folder, "chat.prompty")}:${place}`),
  );
  expect(stdout.match(/That comes of the row at \S+:1\./g)).toHaveLength(3);
  expect(stdout).toContain("is not valid: 3 errors\n");
});

test("without a folder it is this one, else the only one under flows/", async () => {
  const here = await folderWith(SHOP);
  expect((await flowgate(["validate"], { folder: here })).code).toBe(0);
  const under = Object.fromEntries(Object.entries(SHOP).map(([name, text]) => [`flows/shop/${name}`, text]));
  const project = await folderWith(under);
  expect((await flowgate(["validate"], { folder: project })).stdout).toContain("shop is valid");
  const two = await folderWith({ ...under, "flows/cafe/flow.yaml": "name: cafe" });
  const { code, stderr } = await flowgate(["validate"], { folder: two });
  expect([code, stderr]).toEqual([
    2,
    "error: There are several flows under flows/: cafe, shop. Name one, such as flows/cafe.\n",
  ]);
  const nothing = await folderWith({});
  expect((await flowgate(["validate"], { folder: nothing })).stderr).toContain("There is no flow.yaml here");
});

test("rows are held to the types of the prompt's inputs, each problem at its value", async () => {
  const folder = await folderWith({
    ...SHOP,
    "flow.yaml": SHOP["flow.yaml"]?.replace("data/questions.jsonl", "data") ?? "",
    "chat.prompty":
      SHOP["chat.prompty"]
        ?.replace("---\nsystem", "  count:\n    type: integer\n---\nsystem{{ count }}")
        .replace("system{{ count }}:", "system:\n{{ count }}") ?? "",
    "data/questions.jsonl":
      '{"question": "When?", "count": "3"}\n{"question": "When?", "question": "Where?"}\n',
    "data/more.csv": "question,count\nWho?,4\nWhat?,four\n",
    "data/numbers.json": '[\n  {"question": "Why?", "count": 12345678901234567890}\n]\n',
  });
  const { code, stdout } = await flowgate(["validate", folder]);
  const at = (file: string): string => path.join(folder, "data", file);
  expect(stdout).toContain(
    `${at("more.csv")}:3:7: warning: The input count is declared as integer; here stands the text "four".`,
  );
  expect(stdout).toContain(
    `${at("numbers.json")}:2:33: warning: The number 12345678901234567890 loses digits: it is read as 12345678901234567000.`,
  );
  expect(stdout).toContain(
    `${at("questions.jsonl")}:1:32: warning: The input count is declared as integer; here stands the text "3".\n    Write it without quotes: 3. Or change the input in chat.prompty, line 8.`,
  );
  expect(stdout).toContain(`${at("questions.jsonl")}:2:23: error: The key question is given twice.`);
  expect(code).toBe(2);
});
