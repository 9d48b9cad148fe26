import path from "node:path";
import { expect, test } from "vitest";
import { findImport } from "../../cli/import/find-import.ts";
import { importFolder } from "../../cli/import/import-folder.ts";
import { writeFolder } from "../../cli/write-folder.ts";
import { temporaryFolder } from "../cli/run-flowgate.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../cli/import/fixtures");

test.for([
  ["basic-chat", "a chat with a history"],
  ["order-desk", "steps, conditions and fields of a step's result"],
])("%s, imported with %s, answers every row on the platform", async ([fixture]) => {
  const found = await findImport(path.join(FIXTURES, fixture ?? ""));
  const { name, files } = await importFolder(found, { name: undefined, run: undefined });
  const flowFolder = path.join(await temporaryFolder(), name);
  await writeFolder(flowFolder, files ?? new Map<string, string>(), false);
  await using platform = await startTestPlatform({ flowFolder, flow: name });
  const verdict = verdictOf(await platform.pushAndWait());
  expect(verdict.outcome).not.toBe("error");
  const errors = verdict.requirements.find(({ metric }) => metric === "errors");
  expect(errors).toMatchObject({ value: 0, outcome: "pass" });
});
