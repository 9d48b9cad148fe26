import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate, startFlowgate } from "../cli/run-flowgate.ts";
import { folderWith, SHOP } from "../cli/sample-flow.ts";
import { editorFile, WORKSPACE } from "./workspace.ts";

interface Task {
  label: string;
  command: string;
  args: string[];
  isBackground?: boolean;
  problemMatcher: {
    pattern: {
      regexp: string;
      file: number;
      line: number;
      column: number;
      severity: number;
      message: number;
    };
    background?: { beginsPattern: string; endsPattern: string };
  };
}

const tasks = editorFile("tasks.json")["tasks"] as Task[];
const taskNamed = (label: string): Task => {
  const task = tasks.find((candidate) => candidate.label === label);
  if (task === undefined) throw new Error(`There is no task ${label}.`);
  return task;
};

/** The words after `flowgate --` with the folder that the editor asked for. */
const wordsOf = ({ args }: Task, folder: string): string[] =>
  args.slice(args.indexOf("--") + 1).map((word) => word.replace("${input:flow}", folder));

/** What the editor lists under Problems, given what the task printed. */
function problems({ problemMatcher: { pattern } }: Task, printed: string) {
  return printed.split("\n").flatMap((line) => {
    const found = new RegExp(pattern.regexp).exec(line);
    if (found === null) return [];
    return [
      {
        file: found[pattern.file],
        place: `${found[pattern.line]}:${found[pattern.column]}`,
        severity: found[pattern.severity],
        message: found[pattern.message],
      },
    ];
  });
}

/** One error and one warning. */
const BROKEN = {
  ...SHOP,
  "flow.yaml":
    SHOP["flow.yaml"]?.replace("prompt:", "promt:").replace("[relevance]", "[relevance, relevance]") ?? "",
};

test.each(["Flowgate: validate", "Flowgate: validate on save"])(
  "the task %s lists every problem at its file, line and column",
  async (label) => {
    const task = taskNamed(label);
    const folder = await folderWith(BROKEN);
    const words = wordsOf(task, folder).filter((word) => word !== "--watch");
    const { stdout } = await flowgate(words, { environment: { NO_COLOR: "1" } });
    expect(problems(task, stdout)).toContainEqual({
      file: path.join(folder, "flow.yaml"),
      place: "2:1",
      severity: "error",
      message: expect.stringContaining("promt"),
    });
    expect(problems(task, stdout)).toContainEqual(
      expect.objectContaining({ place: "5:27", severity: "warning" }),
    );
    expect(problems(task, stdout)).toHaveLength(stdout.match(/: (error|warning): /g)?.length ?? -1);
  },
);

test("validate on save tells the editor where each check begins and ends, and checks again after a change", async () => {
  const task = taskNamed("Flowgate: validate on save");
  expect(task.isBackground).toBe(true);
  const { beginsPattern = "", endsPattern = "" } = task.problemMatcher.background ?? {};
  const folder = await folderWith(BROKEN);
  const running = startFlowgate(wordsOf(task, folder), { environment: { NO_COLOR: "1" } });
  await running.said("is not valid");
  await writeFile(path.join(folder, "flow.yaml"), SHOP["flow.yaml"] ?? "");
  await running.said("shop is valid");
  await appendFile(path.join(folder, "flow.yaml"), "colour: blue\n");
  await running.said("colour");
  running.interrupt();
  const { code, stdout } = await running.finished;
  expect(code).toBe(130);

  // Each check is one stretch: it begins, lists its problems, and ends.
  const stretches = stdout.split(new RegExp(beginsPattern, "m")).slice(1);
  expect(stretches.map((stretch) => new RegExp(endsPattern, "m").test(stretch))).not.toContain(false);
  expect(problems(task, stretches[0] ?? "").length).toBeGreaterThan(0);
  expect(stretches.some((stretch) => problems(task, stretch).length === 0)).toBe(true);
  expect(problems(task, stretches.at(-1) ?? "")).toMatchObject([{ severity: "error" }]);
});

test("every task runs a script of package.json, and every command it names exists", async () => {
  const { scripts } = JSON.parse(await readFile(path.join(WORKSPACE, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const { stdout } = await flowgate(["--help"]);
  for (const { command, args } of tasks) {
    expect(command).toBe("npm");
    const script =
      args[0] === "run" ? args.find((word, index) => index > 0 && !word.startsWith("-")) : args[0];
    expect(Object.keys(scripts)).toContain(script);
    const [word] = args.slice(args.indexOf("--") + 1);
    if (script === "flowgate") expect(stdout).toMatch(new RegExp(`^ {2}${word} `, "m"));
  }
});

test("the recommended extensions are those that the settings are for", () => {
  expect(editorFile("extensions.json")["recommendations"]).toEqual([
    "redhat.vscode-yaml",
    "ms-toolsai.prompty",
    "ms-azuretools.vscode-azurefunctions",
  ]);
});
