import { expect, test } from "vitest";
import { describeCode } from "../../../cli/import/describe-code.ts";
import type { NodeBody } from "../../../cli/import/dag.ts";

const PLACE = { line: 1, column: 1 };
const NODE: NodeBody = {
  type: "python",
  path: "code/node.py",
  tool: undefined,
  inputs: [],
  connection: undefined,
  provider: undefined,
  api: undefined,
  aggregation: false,
  place: PLACE,
  pathPlace: PLACE,
};
const BEFORE = { before: undefined, asks: "query", afterAnswer: false };

test.for([
  [
    "from azure.search.documents import SearchClient\ndef find(q):\n    return SearchClient().search(q)",
    "searches a store of texts by meaning (find)",
    "retrieve:",
  ],
  [
    "import sqlite3\ndef customer(id):\n    return sqlite3.connect('x').execute('SELECT * FROM t')",
    "looks up a record in a database (customer)",
    'lookup: knowledge/found.jsonl, by: id, equals: "{{ query }}"',
  ],
  [
    "# Asks for a summary.\nfrom openai import AzureOpenAI\ndef ask(q):\n    pass",
    'asks a model by itself (ask): "Asks for a summary."',
    "prompt: found.prompty",
  ],
  ["import requests\ndef get(u):\n    return requests.get(u)", "fetches from the web (get)", "retrieve:"],
  ["import json\ndef parse(t):\n    return json.loads(t)", "takes a text apart (parse)", "response_format"],
  ["def route(kind):\n    if kind == 'refund':\n        return 1", "decides between cases (route)", "when:"],
  ["def shots():\n    return [{'a': 1}]", "gives the same values every time (shots)", "template"],
  ["def add(a, b):\n    return a + b", "computes something (add)", "dataset"],
] as const)("%s", ([source, does, instead]) => {
  const described = describeCode("found", NODE, source, BEFORE);
  expect([described.what, described.does]).toEqual(["node.py (Python)", does]);
  expect(described.instead).toContain(instead);
});

test("the function that is the tool goes first, and a docstring before a comment", () => {
  const source =
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# A comment.\ndef helper():\n    pass\n\n@tool\nasync def main(x):\n    """Does the work.\n\n    In detail.\n    """\n';
  expect(describeCode("found", NODE, source, BEFORE).does).toBe(
    'computes something (main, helper): "Does the work."',
  );
});

test("a tool of a package is known by its name", () => {
  const node = { ...NODE, path: undefined, tool: "promptflow_vectordb.tool.common_index_lookup.search" };
  const { what, does, instead } = describeCode("found", node, undefined, BEFORE);
  expect([what, does]).toEqual([node.tool, "searches a store of texts by meaning"]);
  expect(instead).toContain('found: { retrieve: knowledge/found.jsonl, query: "{{ query }}" }');
  const embedding = { ...node, tool: "promptflow.tools.embedding.embedding" };
  expect(describeCode("vector", embedding, undefined, BEFORE)).toMatchObject({
    does: "makes a vector of a text",
    instead: "Remove the step: retrieve embeds what it is asked by itself.",
  });
});

test("after the model's answer nothing runs: what only shapes it belongs into the prompt", () => {
  const place = { before: undefined, asks: "query", afterAnswer: true };
  const shaping = describeCode("found", NODE, "import json\ndef parse(t):\n    return json.loads(t)", place);
  expect(shaping.instead).toMatch(/^Nothing runs after the model's answer/);
  const finding = describeCode("found", NODE, "import sqlite3\ndef find(t):\n    pass", place);
  expect(finding.instead).toMatch(/lookup: .* the prompt it depends on becomes a step too\.$/);
});
