import { expect, test } from "vitest";
import * as z from "zod";
import { schemaWords } from "../../../shared/flow/schema-words.ts";

function wordsFor(schema: z.ZodType, value: unknown): string {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) throw new Error("It fits.");
  return schemaWords(issue);
}

test.each([
  ["a kind", z.number(), "hot", "Expected a number."],
  ["no whole number", z.int(), 1.5, "Expected a whole number."],
  ["what is missing", z.array(z.string()), undefined, "Expected a list."],
  ["too little", z.int().min(1), 0, "Expected at least 1."],
  ["too much", z.number().max(2), 3, "Expected at most 2."],
  ["an empty list", z.array(z.string()).min(1), [], "Expected at least one."],
  ["an empty text", z.string().min(1), "", "Expected a text that is not empty."],
  ["a choice", z.enum(["up", "down"]), "meh", "Expected up or down."],
  ["several forms", z.union([z.number(), z.array(z.string())]), true, "Expected a number or a list."],
  ["words of its own", z.number("Expected a share such as 5%."), "x", "Expected a share such as 5%."],
] as const)("%s", (_what, schema, value, words) => {
  expect(wordsFor(schema, value)).toBe(words);
});
