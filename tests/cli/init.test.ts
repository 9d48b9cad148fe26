import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { flowgate, temporaryFolder } from "./run-flowgate.ts";
import { folderWith } from "./sample-flow.ts";

test.for(["chat", "rag", "classify"])(
  "init --template %s writes a flow of that name that validates",
  async (template) => {
    const folder = await temporaryFolder();
    const { code, stdout } = await flowgate(["init", "--yes", "--name", "my-shop", "--template", template], {
      folder,
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining("✓ my-shop is in flows/my-shop")]);
    const validated = await flowgate(["validate"], { folder });
    expect(validated.stdout).toMatch(/^✓ my-shop is valid: \d files, no problems\n$/);
    const flow = await readFile(path.join(folder, "flows/my-shop/flow.yaml"), "utf8");
    expect(flow).toMatch(/^# yaml-language-server: \$schema=\S+\n# The name/);
    const data = await readdir(path.join(folder, "flows/my-shop/data"));
    const rows = await readFile(path.join(folder, "flows/my-shop/data", data[0] ?? ""), "utf8");
    expect(rows.trim().split("\n").length).toBeGreaterThanOrEqual(10);
  },
);

test("without a terminal nothing is asked: the folder gives the name, chat is the template", async () => {
  const folder = await temporaryFolder();
  const { code, stdout } = await flowgate(["init", "My Shop", "--json"], { folder });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    flow: "my-shop",
    template: "chat",
    folder: "My Shop",
    diagnostics: [],
  });
});

test("what comes next can be copied, also of a folder with a space", async () => {
  const folder = await temporaryFolder();
  const { stdout } = await flowgate(["init", "My Shop"], { folder });
  expect(stdout).toContain('  flowgate validate "My Shop"\n  flowgate push "My Shop" --wait\n');
});

test("a folder that holds anything is never overwritten", async () => {
  const folder = await folderWith({ "shop/flow.yaml": "mine" });
  const { code, stderr } = await flowgate(["init", "shop"], { folder });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/shop is not empty\. Name another folder\.\n$/)]);
  expect(await readdir(path.join(folder, "shop"))).toEqual(["flow.yaml"]);
});

test("the platform's data is kept out of the repository's commits, once", async () => {
  const folder = await folderWith({ ".gitignore": "node_modules" });
  await mkdir(path.join(folder, ".git"));
  const first = await flowgate(["init", "one", "--json"], { folder });
  expect(JSON.parse(first.stdout)).toMatchObject({
    gitignore: ".gitignore",
  });
  await flowgate(["init", "two"], { folder });
  expect(await readFile(path.join(folder, ".gitignore"), "utf8")).toBe("node_modules\n.flowgate/\n");
  expect(await readdir(path.join(folder, "one"))).not.toContain(".gitignore");
});

test("a template or a name that is none is refused with those that are, and nothing is written", async () => {
  const folder = await temporaryFolder();
  const template = await flowgate(["init", "--template", "agent"], { folder });
  expect([template.code, template.stderr]).toEqual([
    2,
    "error: There is no template agent. Take chat, rag, classify.\n",
  ]);
  const name = await flowgate(["init", "--name", "Ümläut!"], { folder });
  expect([name.code, name.stderr]).toEqual([2, expect.stringContaining("Ümläut! is no name for a flow")]);
  expect(await readdir(folder)).toEqual([]);
});
