import { expect, test } from "vitest";
import { checkRoleSlips } from "../../../shared/flow/check-role-slips.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";

function slipsIn(template: string): string[] {
  const { prompt } = parsePrompty("chat.prompty", `---\nname: a\n---\n${template}`, new Map());
  if (prompt === undefined) throw new Error("It does not parse.");
  const findings = createFindings();
  checkRoleSlips(prompt, findings);
  return findings.list.map(({ line, column, remedy }) => `${line}:${column} ${remedy ?? ""}`);
}

test("a role that is a letter off is a warning where it stands", () => {
  expect(slipsIn("sytem:\nBe brief.\n\nasistant:\nYes.\nuser:\nHi")).toEqual([
    "4:1 Did you mean system:?",
    "7:1 Did you mean assistant:?",
  ]);
});

test("roles, headings and what stands in a sentence are none", () => {
  expect(slipsIn("system:\nUses:\nSystems:\nAssistants:\nsytem: is a word\nuser:\nHi")).toEqual([]);
});
