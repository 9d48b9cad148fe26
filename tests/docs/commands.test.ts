import { readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";
import packageFacts from "../../package.json" with { type: "json" };
import { commandReference } from "../../scripts/command-reference.ts";
import { commandsIn, documents, REPOSITORY } from "./documents.ts";

const program = await createProgram("");

test("the reference is what `npm run docs` writes", async () => {
  const reference = readFileSync(path.join(REPOSITORY, "docs/commands.md"), "utf8");
  expect(reference, "docs/commands.md is stale: run npm run docs").toContain(
    `<!-- table -->\n\n${await commandReference()}\n\n<!-- /table -->`,
  );
});

/** What is wrong with a call of the command; undefined where it would be taken. */
function misuse(words: readonly string[]): string | undefined {
  let command: Command = program;
  let rest = [...words];
  for (;;) {
    const [next] = rest;
    const inner = command.commands.find((one) => one.name() === next);
    if (!inner) break;
    command = inner;
    rest = rest.slice(1);
  }
  if (command === program)
    return rest.length === 0 || rest[0]?.startsWith("-") ? undefined : `no command ${rest[0]}`;
  const { operands, unknown } = command.parseOptions(rest);
  if (unknown.length > 0) return `unknown: ${unknown.join(" ")}`;
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Infinity
    : command.registeredArguments.length;
  return operands.length > most ? `too many words: ${operands.join(" ")}` : undefined;
}

/** The words of a line of shell, up to a comment or what it is piped to; a synopsis's brackets are none. */
function wordsOf(line: string): string[] {
  const [command = ""] = line.replaceAll(/[[\]]/g, "").split(/\s+(?:#|\||>|&&|;)(?:\s|$)/);
  return (command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ""));
}

test.each([...documents()])("every command of %s is one that there is", (_, markdown) => {
  const wrong = commandsIn(markdown).flatMap((line) => {
    const ours = /(?:^|\s)(?:npx flowgate|npm run (?:--silent )?flowgate --|flowgate)\s+(?<call>.+)$/.exec(
      line,
    );
    if (ours && /^(?:\w+=\S+ +)*(?:npx |npm run (?:--silent )?)?flowgate\b/.test(line)) {
      const why = misuse(wordsOf(ours.groups?.["call"] ?? ""));
      return why === undefined ? [] : [`${line}: ${why}`];
    }
    const script = /^npm run (?:--silent )?([\w:-]+)/.exec(line)?.[1];
    const isKnown = script === undefined || Object.hasOwn(packageFacts.scripts, script);
    return isKnown ? [] : [`${line}: package.json has no script ${script}`];
  });
  expect(wrong).toEqual([]);
});

test("a command that there is not is noticed", () => {
  expect(misuse(["pusch"])).toBe("no command pusch");
  expect(misuse(["push", "--wiat"])).toBe("unknown: --wiat");
  expect(misuse(["push", "one", "two"])).toContain("too many");
  expect(misuse(["push", "flows/shop", "--wait"])).toBeUndefined();
});
