import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate, temporaryFolder } from "../cli/run-flowgate.ts";
import { jsonDiagnostics } from "./json-language-service.ts";
import { frontmatterOf } from "./frontmatter-of.ts";
import { editorSettings, WORKSPACE } from "./workspace.ts";
import { startYamlLanguageServer } from "./yaml-language-server.ts";

test.each(["chat", "rag", "classify"])(
  "no editor underlines anything in a new flow of the template %s",
  async (template) => {
    const folder = path.join(await temporaryFolder(), "fresh");
    const words = ["init", folder, "--name", "fresh", "--template", template, "--yes"];
    const { code, stderr } = await flowgate(words);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });

    await using server = await startYamlLanguageServer(WORKSPACE, editorSettings());
    const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");
    expect(await server.diagnostics("flows/fresh/flow.yaml", withoutModeline(read("flow.yaml")))).toEqual([]);
    const prompts = globSync("**/*.prompty", { cwd: folder });
    expect(prompts).not.toEqual([]);
    for (const file of prompts) {
      expect(await server.diagnostics(`flows/fresh/${file}`, frontmatterOf(read(file)))).toEqual([]);
    }
    const rows = globSync("data/*.jsonl", { cwd: folder }).flatMap((file) => read(file).trim().split("\n"));
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const row of rows) expect(await jsonDiagnostics("dataset-row.schema.json", row)).toEqual([]);

    // And where the folder itself is open, by what the flow brings along.
    await using own = await startYamlLanguageServer(folder, {
      ...editorSettings(),
      "yaml.schemas": {},
    });
    expect(await own.diagnostics("flow.yaml", read("flow.yaml"))).toEqual([]);
    const broken = `${read("flow.yaml")}\ncolour: blue\n`;
    expect(await own.diagnostics("flow.yaml", broken)).toMatchObject([
      { message: "Property colour is not allowed." },
    ]);
  },
);

/** Here the workspace's settings say which schema it is. */
function withoutModeline(text: string): string {
  return text.replace(/^# yaml-language-server.*$/m, "");
}
