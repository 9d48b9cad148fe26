import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestName, suggestion } from "../../../shared/flow/nearest-name.ts";

test.each([
  ["quesiton", ["customerId", "question"]],
  ["qestion", ["customer", "question"]],
  ["groundness", ["relevance", "groundedness"]],
  ["customerid", ["customerId"]],
  ["customer_id", ["customerId"]],
  ["document", ["documents"]],
  ["queries", ["query"]],
  ["Chat-History", ["chat_history"]],
  ["history", ["question", "chat_history"]],
  ["chatHistory", ["history"]],
  ["user_question", ["question"]],
  ["query", ["tone", "question"]],
  ["response", ["answer"]],
  ["tpo", ["top"]],
  ["tag", ["tags"]],
  ["bb", ["bbb"]],
  ["meen", ["mean"]],
  ["data/question.jsonl", ["chat.prompty", "data/questions.jsonl"]],
  ["flow.yml", ["flow.yaml"]],
  ["querry.prompty", ["chat.prompty", "query.prompty"]],
])("%s is plausibly the last of %j", (name, known) => {
  expect(nearestName(name, known)).toBe(known.at(-1));
});

test.each([
  ["top", ["tip", "stop", "mode"]],
  ["id", ["by", "is", "ad"]],
  ["foo", ["for", "boo", "tone"]],
  ["cat", ["car", "bat"]],
  ["tone", ["question", "customerId"]],
  ["nope.prompty", ["chat.prompty", "note/chat.prompty"]],
  ["data/cats.jsonl", ["data/rows.jsonl"]],
  ["xyz", ["question"]],
  ["id", ["customer_id"]],
  ["", ["a", "question"]],
])("%s is none of %j", (name, known) => {
  expect(nearestName(name, known)).toBeUndefined();
});

test("of several the most alike is meant: a letter before a word around it, that before a synonym", () => {
  expect(nearestName("history", ["chat_history", "histories", "histry"])).toBe("histories");
  expect(nearestName("query", ["question", "user_query", "qury"])).toBe("qury");
  expect(nearestName("query", ["question", "user_query"])).toBe("user_query");
});

test("whoever acts on a likeness asks for a closer one", () => {
  expect(nearestName("find", ["fields"])).toBe("fields");
  expect(nearestName("find", ["fields"], 0.25)).toBeUndefined();
  expect(nearestName("promt", ["prompt"], 0.25)).toBe("prompt");
  expect(nearestName("query", ["question"], 0.25)).toBeUndefined();
});

test("a suggestion lists what is known, with or without one that is near", () => {
  expect(suggestion("promt", ["prompt", "gate"], "keys")).toBe(
    "Did you mean prompt? Known keys: prompt, gate.",
  );
  expect(suggestion("zzz", ["prompt", "gate"], "keys")).toBe("Known keys: prompt, gate.");
  expect(suggestion("zzz", [], "keys")).toBe("There are no keys.");
});

test("likeness does not depend on which of two names is the known one", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "s", "e", "_", "A", "/", "."), maxLength: 9 });
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(nearestName(a, [a])).toBe(a);
      expect(nearestName(a, [b]) === undefined).toBe(nearestName(b, [a]) === undefined);
    }),
  );
});
