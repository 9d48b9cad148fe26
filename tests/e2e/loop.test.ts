import { afterAll, beforeAll, describe, expect, test } from "vitest";
import OpenAI from "openai";
import { evaluatedDifference } from "../../shared/report/evaluated-rows.ts";
import { registrySide } from "../../cli/diff/registry-side.ts";
import { versionChanges } from "../../shared/report/version-changes.ts";
import { readStrictly } from "../pipelines/decide/strict-page.ts";
import { CONTOSO, startTestPlatform, verdictOf } from "./test-platform.ts";
import type { TestPlatform } from "./test-platform.ts";

// One platform for the whole story: each test begins where the one before ended, as a user's day does.
let flowgate: TestPlatform;
let first: string;

beforeAll(async () => {
  flowgate = await startTestPlatform();
});
afterAll(() => flowgate[Symbol.asyncDispose]());

function client(): OpenAI {
  return new OpenAI({ baseURL: `${flowgate.platform.host.url}/v1`, apiKey: "any", maxRetries: 0 });
}

async function ask(question: string, customerId = "1"): Promise<{ answer: string; version: string }> {
  const { data, response } = await client()
    .chat.completions.create({
      model: CONTOSO,
      messages: [{ role: "user", content: question }],
      metadata: { customerId },
    })
    .withResponse();
  return {
    answer: data.choices[0]?.message.content ?? "",
    version: response.headers.get("x-flowgate-version") ?? "",
  };
}

describe("the loop", () => {
  test("the first passing version becomes production and answers", async () => {
    const verdict = verdictOf(await flowgate.pushAndWait({ message: "first", author: "Ada" }));
    expect(verdict.reasons).toEqual([expect.stringContaining("requirements hold on")]);
    expect(verdict.outcome).toBe("pass");
    expect(verdict.baseline).toBeUndefined();
    first = verdict.version;

    const { answer, version } = await ask("How much does the Skylark Duo Tent weigh?");
    expect(version).toBe(`${CONTOSO}@${first}`);
    expect(answer).toContain("1.9 kg");
  });

  test("a worse edit is refused with its reasons, and production does not change", async () => {
    await flowgate.edit("chat.prompty", (text) =>
      text.replace(/\{% for product in documents %\}[\s\S]*?\{% endfor %\}\n/, ""),
    );
    const verdict = verdictOf(await flowgate.pushAndWait());
    expect(verdict.outcome).toBe("fail");
    expect(verdict.baseline).toBe(first);
    // Against the threshold or against production: the run stops as soon as either is certain.
    expect(verdict.reasons.join(" ")).toMatch(/similarity mean is [\d.]+, needs >= [34]\.\d/);

    const status = await flowgate.until(
      ({ release }) => release?.entry.kind === "rejected",
      "the refusal is in the ledger",
    );
    expect(status.release?.stable?.version).toBe(first);
    expect((await ask("How much does the Skylark Duo Tent weigh?")).version).toBe(`${CONTOSO}@${first}`);
  });

  test("the refused change has a page that nothing can run in, and a diff of prompts and answers", async () => {
    const { host, key } = flowgate.platform.addresses;
    const { entries } = await flowgate.api.history(CONTOSO, 1);
    const { version = "", run = "" } = entries[0] ?? {};
    const page = await fetch(`${host}/api/flows/${CONTOSO}/runs/${run}/report.html`, {
      headers: { "x-functions-key": key },
    });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    const { text } = readStrictly(await page.text());
    expect(text).toContain(`${CONTOSO}@${version} failed`);
    expect(text).toContain("- {% for product in documents %}");

    const [before, after] = await Promise.all([
      registrySide(flowgate.api, CONTOSO, "production"),
      registrySide(flowgate.api, CONTOSO, version),
    ]);
    const changes = await versionChanges(before.snapshot, after.snapshot);
    expect(changes.files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
      ["chat.prompty", 0, 3],
    ]);
    const evaluated = await evaluatedDifference(flowgate.api, before, after);
    const found = evaluated?.metrics.find(
      ({ metric, statistic }) => metric === "similarity" && statistic === "mean",
    );
    expect(evaluated?.runs).toEqual([run]);
    expect(found?.difference.value).toBeLessThan(0);
    expect(evaluated?.broken).toBeGreaterThan(0);
    await expect(
      flowgate.api.snapshotFile(CONTOSO, "versions", version, "../../release.json"),
    ).rejects.toThrow(/has no file/);
  });

  test("a better edit is promoted, and production serves it soon after", async () => {
    await flowgate.edit("chat.prompty", (text) =>
      text
        .replace(
          "# Documents\n",
          "# Documents\n{% for product in documents %}## [{{ product.id }}] {{ product.name }} (${{ product.price }}, {{ product.category }}, {{ product.brand }})\n{{ product.description }}\n{% endfor %}\n",
        )
        .replace("at most four sentences", "at most two sentences"),
    );
    const verdict = verdictOf(await flowgate.pushAndWait({ message: "shorter answers" }));
    expect(verdict.reasons).toEqual([expect.stringContaining("requirements hold on")]);
    expect(verdict.outcome).toBe("pass");
    await expect
      .poll(async () => (await ask("How much does the Skylark Duo Tent weigh?")).version)
      .toBe(`${CONTOSO}@${verdict.version}`);
    const { release } = await flowgate.api.flow(CONTOSO);
    expect(release?.previous?.version).toBe(first);
    expect(release?.entry.commit?.message).toBe("shorter answers");
  });

  test("rolling back puts the previous version into production, and the ledger's chain holds", async () => {
    const before = await flowgate.api.flow(CONTOSO);
    await flowgate.api.command(CONTOSO, "rollback", { reason: "customers complain", actor: "Ada" });
    const { release } = await flowgate.api.flow(CONTOSO);
    expect(release?.stable?.version).toBe(first);
    expect(release?.entry).toMatchObject({ kind: "rolled_back", actor: "Ada", reason: "customers complain" });

    await expect(
      flowgate.api.command(CONTOSO, "rollback", {
        generation: before.release?.generation,
        reason: "again",
        actor: "Ada",
      }),
    ).rejects.toThrow(/changed since you looked/);
    await expect(
      flowgate.api.command(CONTOSO, "rollback", { reason: "again", actor: "Ada" }),
    ).rejects.toThrow(/no earlier version/);
    const history = await flowgate.api.history(CONTOSO, 50);
    expect(history.entries.map((entry) => entry.kind)).toEqual([
      "rolled_back",
      "promoted",
      "rejected",
      "promoted",
    ]);
    expect(history.chainIntact).toBe(true);
  });

  test("the same content pushed again does not undo a rollback, and says so", async () => {
    const result = await flowgate.pushAndWait();
    expect(result).toMatchObject({
      kind: "decided",
      served: false,
      withheld: expect.stringContaining("rolled back"),
    });
    expect((await flowgate.api.flow(CONTOSO)).release?.stable?.version).toBe(first);
  });

  test("a changed dataset evaluates production again and changes no version", async () => {
    await flowgate.edit("chat.prompty", (text) =>
      text.replace("at most two sentences", "at most four sentences"),
    );
    await flowgate.edit(
      "data/questions.jsonl",
      (text) => text.trimEnd().split("\n").slice(1).join("\n") + "\n",
    );
    const verdict = verdictOf(await flowgate.pushAndWait());
    expect(verdict).toMatchObject({ purpose: "recertification", outcome: "pass", version: first });
    const status = await flowgate.until(
      ({ release }) => release?.entry.kind === "recertified",
      "the ledger records the re-certification",
    );
    expect(status.release?.stable).toMatchObject({ version: first, suite: verdict.suite });
    const run = await flowgate.api.run(CONTOSO, verdict.run);
    expect(run.report?.calls.made).toBe(0);
  });

  test("a malformed flow.yaml is refused with file, line and column, and shows in the status", async () => {
    const blob = `${CONTOSO}/flow.yaml`;
    await flowgate.store.write(
      "flows",
      blob,
      'name: contoso-chat\nprompt: chat.prompty\ngate:\n  relevance: { mean: "> 4" }\n',
    );
    const status = await flowgate.until(
      ({ change }) => change?.outcome.kind === "refused",
      "the change is refused",
    );
    const problems = status.change?.outcome.kind === "refused" ? status.change.outcome.diagnostics : [];
    expect(problems).toContainEqual(
      expect.objectContaining({
        severity: "error",
        file: "flow.yaml",
        line: 4,
        column: expect.any(Number),
        remedy: expect.any(String),
      }),
    );
    expect(status.release?.stable?.version).toBe(first);
  });

  test("a restart continues where the first stopped and evaluates nothing again", async () => {
    const before = await flowgate.api.history(CONTOSO, 50);
    await flowgate.restart();
    const result = await flowgate.pushAndWait();
    expect(verdictOf(result)).toMatchObject({ version: first, outcome: "pass" });
    const after = await flowgate.api.history(CONTOSO, 50);
    expect(after.entries).toEqual(before.entries);
    expect((await ask("How much does the Skylark Duo Tent weigh?")).version).toBe(`${CONTOSO}@${first}`);
  });
});
