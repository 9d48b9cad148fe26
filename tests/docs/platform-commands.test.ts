import { existsSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";
import { flowgate as run, type Finished } from "../cli/run-flowgate.ts";
import { makeScratchFlows, type ScratchFlows } from "../e2e/scratch-flows.ts";
import { startTestPlatform, type TestPlatform } from "../e2e/test-platform.ts";
import { ourCommands } from "./our-commands.ts";

/** The sample's name, with a flow that is judged in a moment; the pages' other names stand for it. */
const FLOW = "contoso-chat";
const MESSAGE = "0123";

/** Run elsewhere, by what they need: files alone, a workflow, an account, a person at a terminal, another page's steps. */
const ELSEWHERE: Record<string, RegExp> = {
  "run-commands.test.ts": /^(?:render|key|init|hook|diff old|validate flows\/contoso-chat$)/,
  "../cli/validate.test.ts": /^validate/,
  "../cli/key.test.ts": /^key/,
  "../cli/import": /^import/,
  "../cli/github": /^github/,
  "../cli/azure": /^doctor --azure/,
  "../cli/label": /^label/,
  "../cli/review": /^review(?: \S+)?(?: --(?:accept|drop|push).*)?$/,
  "../cli/compare.test.ts": /--variants/,
};

let scratch: ScratchFlows;
let flowgate: TestPlatform;
const done = new Set<string>();

beforeAll(async () => {
  scratch = await makeScratchFlows();
  for (const name of ["flow.yaml", "chat.prompty"]) {
    const file = path.join(scratch.small, name);
    await writeFile(file, (await readFile(file, "utf8")).replace("name: small", `name: ${FLOW}`));
  }
  await appendFile(
    path.join(scratch.small, "flow.yaml"),
    "rollout: { canary: [30%], minSessions: 500, minTime: 1h }\nvariants: { temperature: { cold: 0, warm: 0.7 } }\n",
  );
  flowgate = await startTestPlatform({ flow: FLOW, flowFolder: scratch.small });
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

/** As it stands on a page, with what there is here in place of its examples. */
async function runHere(call: string): Promise<Finished> {
  const status = await flowgate.api.flow(FLOW).catch(() => undefined);
  const [stable = "", latest = stable] = [
    status?.release?.stable?.version,
    status?.release?.rollout?.candidate.version,
  ];
  const words = call
    .replaceAll(/\b(?:shop|contoso-chat)@3f9a1c2e8b04/g, `${FLOW}@${stable}`)
    .replaceAll(/\b(?:shop|contoso-chat)@8c1d22f0a9e7/g, `${FLOW}@${latest}`)
    .replace("<id>", MESSAGE)
    .replaceAll(/<flow>|\bshop\b/g, FLOW)
    .replace("<folder>", `flows/${FLOW}`)
    // Nobody looks at the page, and nobody can be asked.
    .replace(" --open", "")
    .replace(/^rollback .*/, "$& --yes");
  const parts = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  const root = path.resolve(flowgate.folder, "../..");
  done.add(call);
  return run(parts, {
    folder: root,
    input: "When does it open?",
    environment: { FLOWGATE_DATA: path.join(root, "data") },
  });
}

async function succeeds(pattern: RegExp): Promise<void> {
  const calls = ourCommands().filter((call) => pattern.test(call) && !isElsewhere(call) && !done.has(call));
  expect(calls.length, `the pages have no ${pattern.source}`).toBeGreaterThan(0);
  for (const call of calls) {
    const { code, stdout, stderr } = await runHere(call);
    expect({ call, code, ...(code === 0 ? {} : { stdout, stderr }) }).toEqual({ call, code: 0 });
  }
}

function isElsewhere(call: string): boolean {
  return Object.values(ELSEWHERE).some((pattern) => pattern.test(call));
}

/** Another version, of which traffic is to see a part first. */
async function change(words: string): Promise<void> {
  await flowgate.edit("chat.prompty", (text) => text.replace("Answer only", `${words} Answer only`));
  await flowgate.push();
  await flowgate.until(({ release }) => release?.rollout !== undefined, "the canary has begun");
}

test("what the pages say of a flow that serves is so", { timeout: 600_000 }, async () => {
  await succeeds(/^push .*--wait/);
  await succeeds(/^push/);
  await succeeds(/^(?:status|report|history|scorecard|chat|doctor|compare)\b/);
  await succeeds(/^diff production/);
  await succeeds(/^(?:diff$|review .*--list)/);
  const { stdout } = await runHere("status shop");
  expect(stdout).toContain(`${FLOW}@`);
});

test("a message that was given up is shown and put back", async () => {
  const record = {
    queue: "flow-changes",
    reason: "storage was away",
    message: {},
    at: "2026-11-27T00:00:00.000Z",
  };
  await flowgate.store.write("registry", `.poison/flow-changes/${MESSAGE}.json`, JSON.stringify(record));
  expect((await runHere("replay")).stdout).toContain(`flow-changes/${MESSAGE}\n  storage was away`);
  await succeeds(/^replay /);
});

test("what the pages say of a rollout is so", { timeout: 600_000 }, async () => {
  await change("Be brief.");
  await succeeds(/^diff shop/);
  for (const verb of ["pause", "resume"]) await succeeds(new RegExp(`^${verb} .*reason`));
  const approved = await runHere('approve shop --reason "answers are fine"');
  // Nothing waits for an approval yet, and it says so.
  expect([approved.code, approved.stderr]).toEqual([2, expect.stringContaining("approv")]);
  await succeeds(/^abort .*reason/);
  await change("Be kind.");
  await succeeds(/^promote .*--yes/);
  await succeeds(/^rollback shop/);
  await succeeds(/^stop shop/);
  await succeeds(/^serve .*reason/);
});

test("every call of the command on the pages is run here, or by the test that is named", async () => {
  const program = await createProgram("");
  const isVerbAlone = (call: string): boolean => {
    const command = program.commands.find((one) => one.name() === call);
    return command?.registeredArguments.some(({ required }) => required) ?? false;
  };
  // A flow's name alone tells the same verb from the same verb.
  const same = new Set([...done].map((call) => call.replaceAll(/shop|contoso-chat|<flow>/g, "_")));
  const left = ourCommands().filter(
    (call) =>
      !isElsewhere(call) &&
      !isVerbAlone(call) &&
      !done.has(call) &&
      !same.has(call.replaceAll(/shop|contoso-chat|<flow>/g, "_")),
  );
  expect(left).toEqual([]);
  const tests = Object.keys(ELSEWHERE).map((name) => path.join(import.meta.dirname, name));
  expect(tests.filter((name) => !existsSync(name))).toEqual([]);
});
