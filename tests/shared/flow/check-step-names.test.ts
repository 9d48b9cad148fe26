import { expect, test } from "vitest";
import { changed, GOOD, problemsOf } from "./good-folder.ts";

test("a step that hides an input of the rows is told at its name", () => {
  const rows = changed("data/rows.jsonl", '"question"', '"customer": "Bo", "question"');
  expect(problemsOf(rows)).toEqual([
    "flow.yaml:4:3: warning: The step customer hides the customer that the rows give: its result stands in its place.",
  ]);
  expect(problemsOf(GOOD)).toEqual([]);
});

test("a step that hides a prompt's default is told, one whose input is only declared is as it should be", () => {
  const prompt = changed("chat.prompty", "{ type: object }", "{ type: object, default: { name: Bo } }");
  expect(problemsOf(prompt)).toEqual([
    "flow.yaml:4:3: warning: The step customer hides the default that chat.prompty has for customer: its result stands in its place.",
  ]);
});

test("a step whose result nobody uses is told, unless one variant of the prompt does", () => {
  const unused = '  documents: { retrieve: knowledge/products.jsonl, query: "{{ question }}" }\n';
  const more = changed("flow.yaml", unused, `${unused}${unused.replace("documents", "again")}`);
  expect(problemsOf(more)).toEqual(["flow.yaml:6:3: warning: Nobody uses the result of the step again."]);
  const brief = changed("brief.prompty", "{{ documents | length }}", "{{ again | length }}", more);
  expect(problemsOf(brief)).toEqual([]);
  const broken = changed("brief.prompty", "{{ documents | length }}", "{{ again | ", more);
  expect(problemsOf(broken).filter((problem) => problem.includes("Nobody"))).toEqual([]);
});
