import { expect, test } from "vitest";
import { collectEdits } from "../../local/flow-edits.ts";

test("names what was changed, added and removed, once each", () => {
  const edits = collectEdits();
  edits.saw("change", "chat.prompty");
  edits.saw("change", "chat.prompty");
  edits.saw("add", "data/more.jsonl");
  edits.saw("unlink", "data/old.jsonl");
  edits.saw("addDir", "data");
  expect(edits.take()).toEqual(["chat.prompty", "data/more.jsonl", "data/old.jsonl"]);
  expect(edits.isEmpty()).toBe(true);
});

test("a file that a tool writes to put it in another's place is no edit", () => {
  const edits = collectEdits();
  edits.saw("add", "seduW5F2o");
  edits.saw("change", "chat.prompty");
  edits.saw("unlink", "seduW5F2o");
  expect(edits.take()).toEqual(["chat.prompty"]);
  edits.saw("add", "4913");
  edits.saw("unlink", "4913");
  expect(edits.isEmpty()).toBe(true);
});

test("a file that is written anew, and one that goes after it was taken, are edits", () => {
  const edits = collectEdits();
  edits.saw("unlink", "chat.prompty");
  edits.saw("add", "chat.prompty");
  edits.saw("add", "data/more.jsonl");
  expect(edits.take()).toEqual(["chat.prompty", "data/more.jsonl"]);
  edits.saw("unlink", "data/more.jsonl");
  expect(edits.take()).toEqual(["data/more.jsonl"]);
});
