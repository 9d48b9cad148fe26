import { expect, test } from "vitest";
import { changed, clipped, GOOD, problemsOf } from "./good-folder.ts";

const flow = (from: string | RegExp, to: string) => changed("flow.yaml", from, to);
const chat = (from: string | RegExp, to: string) => changed("chat.prompty", from, to);
const rows = (text: string) => ({ ...GOOD, "data/rows.jsonl": text });

test("the good flow has nothing to say", () => {
  expect(problemsOf(GOOD)).toEqual([]);
});

test.each<[what: string, files: Record<string, string | undefined>, found: string]>([
  [
    "an unknown mode",
    flow('"{{ question }}"', '"{{ question }}", mode: fuzzy'),
    "flow.yaml:5:83: error: steps.documents.mode",
  ],
  ["a source outside the folder", flow("retrieve: ", "retrieve: ../"), "flow.yaml:5:26: error: A path never"],
  ["a prompt outside the folder", flow("prompt: ", "prompt: ../"), "flow.yaml:2:9: error: A path never"],
  [
    "a prompt that is not there",
    flow("chat.prompty", "chta.prompty"),
    "flow.yaml:2:9: error: There is no file",
  ],
  ["a misspelt key", flow("prompt:", "promt:"), "flow.yaml:2:1: error: Unknown key promt."],
  [
    "a misspelt key of the evaluation",
    flow("datasets:", "dataset:"),
    "flow.yaml:7:15: error: Unknown key dataset.",
  ],
  ["a misspelt key of a step", flow("equals:", "equal:"), "flow.yaml:4:58: error: Unknown key equal."],
  [
    "a kind of step that there is not",
    flow("retrieve:", "find:"),
    "flow.yaml:5:16: error: Unknown key find.",
  ],
  [
    "a step without its query",
    flow(/, query: [^}]*}}"/, ""),
    "flow.yaml:5:3: error: The step documents needs a query.",
  ],
  ["a step that is none", flow(/{ lookup.*/, "later"), "flow.yaml:4:13: error: steps.customer:"],
  [
    "a step's name that is none",
    flow("customer:", "my customer:"),
    "flow.yaml:4:3: error: steps.my customer:",
  ],
  [
    "a step that was imported from code",
    flow("{ retrieve", "{ unsupported: a Python node, retrieve"),
    "flow.yaml:5:3: error: The step documents stands for",
  ],
  ["steps that are none", flow(/steps:[^]*variants/, "steps: all\nvariants"), "flow.yaml:3:8: error: steps:"],
  [
    "a template without quotes",
    flow('"{{ customerId }}"', "{{ customerId }}"),
    "flow.yaml:4:66: error: A template needs quotes",
  ],
  [
    "a key given twice",
    flow("name: shop", "name: shop\nname: store"),
    "flow.yaml:2:1: error: This key is given twice.",
  ],
  [
    "a step given twice",
    flow("  documents:", "  customer:"),
    "flow.yaml:5:3: error: This key is given twice.",
  ],
  [
    "a misspelt evaluator",
    flow("[similarity]", "[similarty]"),
    "flow.yaml:7:57: error: There is no evaluator similarty.",
  ],
  [
    "a misspelt metric",
    flow("gate: { similarity", "gate: { similarty"),
    "flow.yaml:8:9: error: The gate asks for similarty",
  ],
  [
    "an evaluation that is none",
    flow(/evaluation: .*/, "evaluation: data/rows.jsonl"),
    "flow.yaml:7:13: error: evaluation:",
  ],
  ["no evaluation", flow(/evaluation: .*\n/, ""), "flow.yaml:1:1: error: There is no evaluation."],
  ["a gate that is none", flow('{ mean: ">= 3" }', '">= 3"'), "flow.yaml:8:21: error: gate.similarity:"],
  ["a threshold that is none", flow('">= 3"', "[3]"), "flow.yaml:8:29: error: gate.similarity.mean"],
  ["a dataset outside the folder", flow("[data", "[../data"), "flow.yaml:7:26: error: A path never"],
  [
    "a dataset that is not there",
    flow("rows.jsonl", "row.jsonl"),
    "flow.yaml:7:26: error: There is no file or folder",
  ],
  [
    "a dataset listed twice",
    flow("[data/rows.jsonl]", "[data/rows.jsonl, ./data/rows.jsonl]"),
    "flow.yaml:7:43: error: The dataset data/rows.jsonl is listed twice.",
  ],
  ["a dataset without rows", rows(""), "data/rows.jsonl:1:1: error: The dataset has no rows."],
  ["a dataset of one broken row", rows('{"question": '), "data/rows.jsonl:1:14: error: This is not JSON"],
  [
    "a variant that is not there",
    flow("brief.prompty", "breif.prompty"),
    "flow.yaml:6:30: error: There is no file breif.prompty.",
  ],
  [
    "YAML that cannot be read",
    flow("evaluation: {", "evaluation: "),
    "flow.yaml:7:14: error: Nested mappings",
  ],
  [
    "a flow.yaml under another name",
    { ...GOOD, "flow.yaml": undefined, "flow.yml": GOOD["flow.yaml"] },
    "flow.yaml:1:1: error: The flow has no flow.yaml.",
  ],
  ["a frontmatter that cannot be read", chat("inputs:", "inputs: ["), "chat.prompty:4:3: error: "],
  [
    "a format that there is not",
    chat("inputs:", "template: handlebars\ninputs:"),
    "chat.prompty:2:11: error: There is no template format",
  ],
  [
    "a default that leads nowhere",
    chat("{ type: string }", "{ default: '${file:gone.txt}' }"),
    "chat.prompty:3:24: error: Referenced file 'gone.txt'",
  ],
  [
    "a key of a connection, which looks like one too",
    chat("inputs:", `model: { connection: { api_key: sk-${"a1".repeat(20)} } }\ninputs:`),
    "chat.prompty:2:33: error: A secret is written",
  ],
])("%s is one finding, without consequences", (_what, files, found) => {
  expect(clipped(problemsOf(files), [found])).toEqual([found]);
});
