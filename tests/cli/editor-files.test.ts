import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { editorFiles } from "../../cli/init/editor-files.ts";
import { WORKSPACE } from "../editors/workspace.ts";
import { startYamlLanguageServer } from "../editors/yaml-language-server.ts";
import { temporaryFolder } from "./run-flowgate.ts";

test("inside the repository a flow refers to the schemas that are there", async () => {
  const { modeline, files } = await editorFiles(path.join(WORKSPACE, "flows/new-flow"));
  expect(modeline).toBe("# yaml-language-server: $schema=../../schemas/flow.schema.json");
  expect(files.size).toBe(0);
});

test("elsewhere a flow brings its own, by which editors find what is wrong", async () => {
  const folder = path.join(await temporaryFolder(), "my-flow");
  const { modeline, files } = await editorFiles(folder);
  for (const [file, text] of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  expect([...files.keys()].every((file) => file.startsWith(".vscode/"))).toBe(true);
  const settings = JSON.parse(files.get(".vscode/settings.json") ?? "") as Record<string, unknown>;
  const offline = { "yaml.schemaStore.enable": false, "yaml.validate": true };

  const wrong = [{ line: 2, message: "Property promt is not allowed." }];
  await using bySettings = await startYamlLanguageServer(folder, { ...settings, ...offline });
  expect(await bySettings.diagnostics("flow.yaml", "name: a\npromt: b\n")).toEqual(
    expect.arrayContaining(wrong),
  );
  await using byModeline = await startYamlLanguageServer(path.dirname(folder), offline);
  expect(await byModeline.diagnostics("my-flow/flow.yaml", `${modeline}\npromt: b\n`)).toEqual(
    expect.arrayContaining(wrong),
  );
});
