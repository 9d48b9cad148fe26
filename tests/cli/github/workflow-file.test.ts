import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { flowgate, temporaryFolder } from "../run-flowgate.ts";
import { folderWith } from "../sample-flow.ts";

interface Job {
  permissions: Record<string, string>;
  "timeout-minutes": number;
  steps: { uses?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> }[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  concurrency: { group: string; "cancel-in-progress": string };
  jobs: Record<string, Job>;
}

let text: string;
let workflow: Workflow;
beforeAll(async () => {
  text = await readFile(path.resolve(import.meta.dirname, "../../../cli/init/github/flowgate.yml"), "utf8");
  workflow = parse(text) as Workflow;
});

test("it runs on pull requests and on the branch that releases, and never on pull_request_target", () => {
  expect(workflow.on).toEqual({ pull_request: null, push: { branches: ["{{branch}}"] } });
});

test("it may do what it does, and no more; only a pull request's job may comment, only it is cut short", () => {
  expect(workflow.permissions).toEqual({});
  expect(
    Object.fromEntries(Object.entries(workflow.jobs).map(([name, job]) => [name, job.permissions])),
  ).toEqual({
    evaluate: { contents: "read", "id-token": "write", "pull-requests": "write", checks: "write" },
    release: { contents: "read", "id-token": "write", checks: "write" },
  });
  expect(workflow.concurrency["cancel-in-progress"]).toBe("${{ github.event_name == 'pull_request' }}");
});

test("every action is pinned to a commit, leaves no token behind, and no secret is used", () => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  for (const { uses } of steps) {
    if (uses !== undefined) expect(uses).toMatch(/^actions\/(checkout|setup-node)@[0-9a-f]{40}$/);
  }
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout"));
  expect(checkouts.map((step) => step.with)).toEqual(checkouts.map(() => ({ "persist-credentials": false })));
  expect(text).not.toContain("secrets.");
});

test("no expression stands in a shell, where its text would be run", () => {
  const scripts = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap(({ run }) => run ?? []));
  expect(scripts.length).toBe(2);
  for (const script of scripts) expect(script).not.toContain("${{");
});

test("each job signs in as its own identity", () => {
  const clients = Object.values(workflow.jobs).map((job) => job.steps.at(-1)?.env?.["AZURE_CLIENT_ID"]);
  expect(clients).toEqual(["${{ vars.PULL_REQUEST_CLIENT_ID }}", "${{ vars.MAIN_CLIENT_ID }}"]);
});

test("init --github writes it into the repository's root, once, and never over another", async () => {
  const folder = await temporaryFolder();
  execFileSync("git", ["-C", folder, "init", "--quiet"]);
  const below = path.join(folder, "below");
  execFileSync("mkdir", [below]);
  const { code, stdout } = await flowgate(["init", "--github"], { folder: below });
  expect([code, stdout]).toEqual([0, expect.stringContaining("evaluates every pull request")]);
  const file = path.join(folder, ".github/workflows/flowgate.yml");
  const written = parse(await readFile(file, "utf8")) as Workflow;
  expect(written.on).toMatchObject({ push: { branches: ["main"] } });
  expect((await flowgate(["init", "--github", "--json"], { folder })).code).toBe(0);

  const other = await folderWith({ ".github/workflows/flowgate.yml": "mine" });
  const refused = await flowgate(["init", "--github"], { folder: other });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining("is there already, and differs"),
  ]);
});

test("with a folder it writes the flow too", async () => {
  const folder = await temporaryFolder();
  const { stdout } = await flowgate(["init", "flows/shop", "--github"], { folder });
  expect(stdout).toMatch(/flowgate\.yml evaluates every pull request\n[\s\S]*shop is in flows\/shop/);
});
