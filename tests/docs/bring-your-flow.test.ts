import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { flowgate } from "../cli/run-flowgate.ts";
import { startProcess } from "../e2e/start-process.ts";
import { guideSteps } from "./guide-steps.ts";

const DOCS = path.resolve(import.meta.dirname, "../../docs");
const GUIDE = path.join(DOCS, "bring-your-flow.md");

test("whoever follows the guide has three flows in production", { timeout: 600_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "flowgate-guide-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const data = path.join(folder, ".flowgate");
  const printed = new Map<string, string>();

  for (const step of guideSteps(await readFile(GUIDE, "utf8"))) {
    if (step.kind === "write") {
      await mkdir(path.dirname(path.join(folder, step.file)), { recursive: true });
      await writeFile(path.join(folder, step.file), step.text);
    } else if (step.kind === "replace") {
      const file = path.join(folder, step.file);
      const before = await readFile(file, "utf8");
      const after = before.replace(
        new RegExp(String.raw`^${step.key}:\n(?:[ \t]+.*\n)+`, "m"),
        () => step.text,
      );
      expect(after, `${step.file} has no ${step.key}`).not.toBe(before);
      await writeFile(file, after);
    } else if (step.command === "npm start") {
      const platform = startProcess({ data, flows: path.join(folder, "flows") });
      onTestFinished(() => platform[Symbol.asyncDispose]());
      await platform.said("Watching");
    } else {
      const words = wordsAfter(step.command, "npm run flowgate --");
      const { code, stdout, stderr } = await flowgate(words, {
        folder,
        environment: { FLOWGATE_DATA: data },
      });
      expect({ command: step.command, code, ...(code === step.exitCode ? {} : { stdout, stderr }) }).toEqual({
        command: step.command,
        code: step.exitCode,
      });
      printed.set(words.slice(0, 2).join(" "), stdout);
    }
  }

  const messages = JSON.parse(printed.get("render support.prompty") ?? "") as object[];
  expect(messages.at(-1)).toEqual({ role: "user", content: "What does a chain cost?" });
  expect(printed.get("chat support")).toContain("two days");
  for (const flow of ["support", "workshop", "first"]) expect(printed.get("status")).toContain(`${flow}@`);
});

test("every page and heading that the guide links to is there", async () => {
  // What stands in code is no link.
  const guide = (await readFile(GUIDE, "utf8")).replaceAll(/`[^`\n]*`/g, "");
  const missing: string[] = [];
  for (const [, target = ""] of guide.matchAll(/\]\(([^)]+)\)/g)) {
    const [page = "", anchor] = target.split("#");
    const text = await readFile(page === "" ? GUIDE : path.join(DOCS, page), "utf8").catch(() => undefined);
    const anchors = text?.split("\n").filter(isHeading).map(anchorOf);
    if (anchors === undefined || (anchor !== undefined && !anchors.includes(anchor))) missing.push(target);
  }
  expect(missing).toEqual([]);
});

/** The words of a command line, with double quotes. */
function wordsAfter(command: string, start: string): string[] {
  expect(command).toContain(start);
  const rest = command.slice(command.indexOf(start) + start.length);
  return [...rest.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
}

function isHeading(line: string): boolean {
  return /^#+ /.test(line);
}

/** As GitHub makes it: lower case, hyphens for spaces, other signs left out. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
