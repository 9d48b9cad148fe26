import { execFileSync, spawnSync } from "node:child_process";
import { chmod, readFile } from "node:fs/promises";
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
  env: Record<string, string>;
  concurrency: { group: string; "cancel-in-progress": string };
  jobs: Record<string, Job>;
}

let text: string;
let workflow: Workflow;
beforeAll(async () => {
  text = await readFile(path.resolve(import.meta.dirname, "../../../cli/init/github/flowgate.yml"), "utf8");
  workflow = parse(text) as Workflow;
});

test("it runs on pull requests, in a merge queue and on the branch that releases, and never on pull_request_target", () => {
  expect(workflow.on).toEqual({ pull_request: null, merge_group: null, push: { branches: ["{{branch}}"] } });
});

test("it may do what it does, and no more; only a pull request's job may comment, only it is cut short", () => {
  expect(workflow.permissions).toEqual({});
  expect(
    Object.fromEntries(Object.entries(workflow.jobs).map(([name, job]) => [name, job.permissions])),
  ).toEqual({
    evaluate: { contents: "read", "id-token": "write", "pull-requests": "write", checks: "write" },
    queue: { checks: "write" },
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
  expect(scripts.length).toBe(3);
  for (const script of scripts) expect(script).not.toContain("${{");
});

test("the package is named by whoever sets it up, not by a registry; a fork, which is told of none, is no failure", async () => {
  const folder = await folderWith({ npx: '#!/bin/sh\necho "$*"\n' });
  await chmod(path.join(folder, "npx"), 0o755);
  const summary = path.join(folder, "summary.md");
  const [evaluate, queue, release] = Object.values(workflow.jobs).map((job) => job.steps.at(-1)?.run ?? "");
  const run = (
    script: string | undefined,
    FLOWGATE_PACKAGE: string,
    tokens: string,
  ): [number | null, string] => {
    const env = {
      PATH: `${folder}:/usr/bin:/bin`,
      GITHUB_STEP_SUMMARY: summary,
      ACTIONS_ID_TOKEN_REQUEST_URL: tokens,
      FLOWGATE_PACKAGE,
    };
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", script ?? ""],
      {
        env,
        encoding: "utf8",
      },
    );
    return [status, stdout + stderr];
  };
  expect(workflow.env["FLOWGATE_PACKAGE"]).toBe("${{ vars.FLOWGATE_PACKAGE }}");
  for (const script of [evaluate, queue, release]) {
    const words = "--yes --package https://example.com/a.tgz flowgate github\n";
    expect(run(script, "https://example.com/a.tgz", "http://tokens")).toEqual([0, words]);
    expect(run(script, "", "http://tokens")).toEqual([
      expect.any(Number),
      expect.stringMatching(/FLOWGATE_PACKAGE: is not set, see docs\/github\.md/),
    ]);
    expect(run(script, "", "http://tokens")[0]).not.toBe(0);
  }
  expect(run(evaluate, "", "")).toEqual([0, ""]);
  expect(await readFile(summary, "utf8")).toContain("not evaluated");
});

test("each job signs in as its own identity, and a merge queue's as none", () => {
  const clients = Object.values(workflow.jobs).map((job) => job.steps.at(-1)?.env?.["AZURE_CLIENT_ID"]);
  expect(clients).toEqual(["${{ vars.PULL_REQUEST_CLIENT_ID }}", undefined, "${{ vars.MAIN_CLIENT_ID }}"]);
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
