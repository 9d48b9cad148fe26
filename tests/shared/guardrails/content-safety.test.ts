import { expect, onTestFinished, test } from "vitest";
import { createContentSafety } from "../../../shared/adapters/azure/content-safety.ts";
import { createSystemClock } from "../../../shared/adapters/system-clock.ts";
import { guardTurn, type TurnGuard } from "../../../shared/guardrails/guard-turn.ts";
import type { Guardrails } from "../../../shared/model/guardrails.ts";
import { createMemoryTelemetry } from "../../fakes/memory-telemetry.ts";
import { sendError, sendJson, startModelServer, type Reply } from "../adapters/model-server.ts";

const GUARDRAILS: Guardrails = {
  input: [
    { kind: "attack" },
    { kind: "harm", severities: { hate: 4, self_harm: 2, sexual: 4, violence: 4 } },
  ],
  output: [],
  whenUnavailable: "open",
  answer: "No.",
};

/** Speaks the service's protocol, whatever it is asked. */
const finding =
  (attack: boolean, selfHarm: number): Reply =>
  (response, request) => {
    const found = request.path.includes("shieldPrompt")
      ? {
          userPromptAnalysis: { attackDetected: attack },
          documentsAnalysis: [{ attackDetected: (request.body["documents"] as string[]).length > 0 }],
        }
      : {
          categoriesAnalysis: ["Hate", "SelfHarm", "Sexual", "Violence"].map((category) => ({
            category,
            severity: category === "SelfHarm" ? selfHarm : 0,
          })),
        };
    return sendJson(200, found)(response, request);
  };

async function guardWith(reply: Reply, more: Partial<Guardrails> = {}): Promise<TurnGuard> {
  const server = await startModelServer(reply);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const clock = createSystemClock();
  const settings = { endpoint: server.baseUrl.replace("/v1", "/"), apiKey: "secret" };
  const contentSafety = createContentSafety(settings, createMemoryTelemetry(), clock);
  const call = { flow: "shop", version: "v", purpose: "chat" } as const;
  return guardTurn(
    { ...GUARDRAILS, ...more },
    { question: "How do I sleep well?" },
    { clock, contentSafety },
    call,
  );
}

test("what Azure AI Content Safety finds blocks a turn, in the question and in documents", async () => {
  expect(await (await guardWith(finding(false, 1))).checkInput()).toBeUndefined();
  expect(await (await guardWith(finding(true, 0))).checkInput()).toMatchObject({ category: "prompt_shield" });
  expect(await (await guardWith(finding(false, 2))).checkInput()).toEqual({
    guardrail: "harm",
    stage: "input",
    category: "self_harm",
  });
  expect(await (await guardWith(finding(false, 0))).checkDocuments(["A page."])).toMatchObject({
    stage: "documents",
  });
});

test.each([
  ["open", undefined],
  ["closed", "unavailable"],
] as const)(
  "a service that refuses its key leaves the turn as declared, %s, and is told",
  async (whenUnavailable, category) => {
    const guard = await guardWith(sendError(401, { code: "401", message: "No such key" }), {
      whenUnavailable,
    });
    expect((await guard.checkInput())?.category).toBe(category);
    expect(guard.findings.unchecked).toMatchObject([
      { stage: "input", failure: { kind: "invalid" } },
      { stage: "input", failure: { kind: "invalid" } },
    ]);
  },
);

test(
  "a service that does not answer is not waited for longer than a few seconds",
  { timeout: 15_000 },
  async () => {
    const guard = await guardWith(() => new Promise(() => undefined));
    expect(await guard.checkInput()).toBeUndefined();
    expect(guard.findings.unchecked).toMatchObject([
      { failure: { kind: "timeout" } },
      { failure: { kind: "timeout" } },
    ]);
    expect(guard.tookMs()).toBeGreaterThan(2_000);
  },
);
