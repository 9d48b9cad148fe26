import { expect, test } from "vitest";
import { ModelError } from "../../../shared/errors.ts";
import { answerTurn, type TurnDependencies } from "../../../shared/flow/answer-turn.ts";
import { chatInputs } from "../../../shared/flow/chat-inputs.ts";
import { loadFlow, type LoadedFlow } from "../../../shared/flow/load-flow.ts";
import { prepareTurn } from "../../../shared/flow/prepare-turn.ts";
import { streamTurn } from "../../../shared/flow/stream-turn.ts";
import type { StepDefinition } from "../../../shared/model/flow.ts";
import type { CallContext, ChatAnswer, ChatRequest } from "../../../shared/ports/chat-model.ts";

const CALL = { flow: "shop", version: "abc", purpose: "answer" } as const;
const USAGE = { inputTokens: 1000, outputTokens: 100 };

const FILES = {
  "chat.prompty": "system:\n{{ rewrite }}|{{ customer.name if customer }}\nuser:\n{{ question }}",
  "query.prompty":
    "---\nmodel: { id: gpt-4o, options: { temperature: 0 } }\ninputs: { conversation: { type: thread } }\n---\nsystem:\nRewrite.\n{{ conversation }}\nuser:\n{{ question }}",
  "json.prompty":
    "---\nmodel: { api: chat, parameters: { response_format: { type: json_object } } }\n---\nsystem:\nAnswer in JSON.\nuser:\n{{ question }}",
  "customers.jsonl": '{"id": "ada", "name": "Ada"}\n{"id": "bob", "name": "Bob"}\n',
};

function load(steps: StepDefinition[], files: Record<string, string> = {}): LoadedFlow {
  const all = Object.entries({ ...FILES, ...files });
  return loadFlow(
    { name: "shop", prompt: "chat.prompty", steps },
    new Map(all.map(([path, text]) => [path, new TextEncoder().encode(text)])),
    new Map(),
  );
}

const rewrite = (more: object = {}): StepDefinition => ({
  kind: "prompt",
  name: "rewrite",
  prompt: "query.prompty",
  inputs: {},
  ...more,
});
const lookup = (name: string, equals: string, more: object = {}): StepDefinition => ({
  kind: "lookup",
  name,
  source: "customers.jsonl",
  by: "id",
  equals,
  ...more,
});

function lastText({ messages }: ChatRequest): string {
  const content = messages.at(-1)?.content;
  return typeof content === "string" ? content : "";
}

interface World extends TurnDependencies {
  asked: { request: ChatRequest; context: CallContext }[];
}

/** A model that answers by what its last message says, after the milliseconds it is told. */
function world(say: (question: string) => Partial<ChatAnswer> | Error = () => ({})): World {
  const asked: World["asked"] = [];
  return {
    asked,
    chatModel: {
      async complete(request, context) {
        asked.push({ request, context });
        const said = say(lastText(request));
        if (said instanceof Error) throw said;
        const model = request.model ?? "gpt-4o-mini";
        return { text: "made up", finishReason: "stop", model, usage: USAGE, latencyMs: 40, ...said };
      },
      async *stream() {
        yield { text: "An answer.", finishReason: undefined, model: "m", usage: undefined };
        yield { text: "", finishReason: "stop", model: "m", usage: USAGE };
      },
    },
    embeddingModel: { name: "none", embed: async () => [] },
    clock: { now: () => new Date(0), elapsed: () => 0, sleep: async () => undefined },
  };
}

test("a prompt step's answer is an input, and its tokens, cost and time are the turn's", async () => {
  const models = world();
  const turn = await answerTurn(load([rewrite()]), { question: "Hi?" }, models, CALL);
  expect(models.asked.map(({ request, context }) => [request.model, context.purpose])).toEqual([
    ["gpt-4o", "step"],
    [undefined, "answer"],
  ]);
  expect(models.asked[0]?.request.parameters).toEqual({ temperature: 0 });
  expect(turn.messages[0]?.content).toBe("made up|");
  expect(turn.usage).toEqual({ inputTokens: 2000, outputTokens: 200 });
  expect(turn.cost).toBeCloseTo((1000 * (2.5 + 0.15) + 100 * (10 + 0.6)) / 1_000_000, 12);
  expect(turn.latencyMs).toBe(80);
  expect(turn.calls).toEqual([{ step: "rewrite", model: "gpt-4o", usage: USAGE, latencyMs: 40 }]);
});

test("a cost that one call leaves unknown is unknown for the turn", async () => {
  const models = world((question) => (question === "Hi?" ? { model: "own-model" } : {}));
  const turn = await answerTurn(load([rewrite()]), { question: "Hi?" }, models, CALL);
  expect(turn.cost).toBeUndefined();
  expect(turn.usage).toEqual({ inputTokens: 2000, outputTokens: 200 });
});

test("an input that is one expression keeps its type; others are text; what is not named is taken by name", async () => {
  const models = world();
  const history = [
    { role: "user", content: "Tents?" },
    { role: "assistant", content: "Two." },
  ];
  const steps = [rewrite({ inputs: { conversation: "{{ chat_history }}" } })];
  await prepareTurn(load(steps), { question: "Which?", chat_history: history }, models, CALL);
  expect(models.asked[0]?.request.messages).toEqual([
    { role: "system", content: "Rewrite." },
    ...history,
    { role: "user", content: "Which?" },
  ]);
});

test("a history that a step's prompt does not ask for is not passed to it", async () => {
  const models = world();
  const chat_history = [{ role: "user", content: "before" }];
  await prepareTurn(load([rewrite()]), { question: "Hi?", chat_history }, models, CALL);
  expect(JSON.stringify(models.asked[0]?.request.messages)).not.toContain("before");
});

test.each(['{"a": [1]}', '```json\n{"a": [1]}\n```'])(
  "JSON that a prompt asks for is parsed: %j",
  async (text) => {
    const models = world(() => ({ text }));
    const steps = [
      rewrite({ prompt: "json.prompty" }),
      lookup("customer", "{{ 'ada' if rewrite.a[0] == 1 }}"),
    ];
    const turn = await answerTurn(load(steps), { question: "Hi?" }, models, CALL);
    expect(turn.messages[0]?.content).toBe("{'a': [1]}|Ada");
  },
);

test("an answer that is not the JSON asked for fails the turn, naming the step", async () => {
  const steps = [rewrite({ prompt: "json.prompty" })];
  const failing = answerTurn(load(steps), { question: "Hi?" }, world(), CALL);
  await expect(failing).rejects.toThrow(
    "The step rewrite: The answer is not the JSON that the prompt asks for.",
  );
});

test("a model's failure in a step names the step and keeps its kind", async () => {
  const models = world(() => new ModelError("Busy.", { kind: "throttled", status: 429 }));
  const steps = [lookup("customer", "{{ rewrite }}"), rewrite()];
  const failure = await answerTurn(load(steps), { question: "Hi?" }, models, CALL).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ModelError);
  expect(failure).toMatchObject({
    message: "The step rewrite: Busy.",
    kind: "throttled",
    status: 429,
    retryable: true,
  });
});

test("an answer of a step that is cut or empty is none", async () => {
  for (const said of [{ text: " " }, { finishReason: "length" }]) {
    const failing = answerTurn(
      load([rewrite()]),
      { question: "Hi?" },
      world(() => said),
      CALL,
    );
    await expect(failing).rejects.toThrow(/^The step rewrite: /);
  }
});

test("steps run in the order of what they reference, whatever the order of the file", async () => {
  const steps = [lookup("customer", "{{ friend.id }}"), lookup("friend", "{{ rewrite }}"), rewrite()];
  const turn = await answerTurn(
    load(steps),
    { question: "Hi?" },
    world(() => ({ text: "bob" })),
    CALL,
  );
  expect(turn.messages[0]?.content).toBe("bob|Bob");
  expect(turn.documents.map(({ step }) => step)).toEqual(["customer", "friend", "rewrite"]);
});

test("independent steps run side by side, and a step starts as soon as what it needs is done", async () => {
  const release = new Map<string, () => void>();
  const models = world();
  models.chatModel.complete = (request) =>
    new Promise((resolve) => {
      const name = lastText(request);
      const answer = { text: name, finishReason: "stop", model: "m", usage: undefined, latencyMs: 100 };
      release.set(name, () => resolve(answer));
    });
  const ask = (name: string, question: string): StepDefinition => rewrite({ name, inputs: { question } });
  const steps = [ask("slow", "slow"), ask("quick", "quick"), ask("after", "after {{ quick }}")];
  const turn = prepareTurn(load(steps), { question: "Hi?" }, models, CALL);
  await expect.poll(() => [...release.keys()]).toEqual(["slow", "quick"]);
  release.get("quick")?.();
  // The slow step is still under way.
  await expect.poll(() => [...release.keys()]).toEqual(["slow", "quick", "after quick"]);
  release.get("after quick")?.();
  release.get("slow")?.();
  expect((await turn).latencyMs).toBe(200);
});

test("a step whose condition is false is skipped: nothing is called and its result is none", async () => {
  const models = world();
  const steps = [
    rewrite({ when: "question | length > 20" }),
    lookup("customer", "{{ 'ada' if rewrite is none }}"),
  ];
  const turn = await prepareTurn(load(steps), { question: "Short?" }, models, CALL);
  expect(models.asked).toEqual([]);
  expect(turn.request.messages[0]?.content).toBe("None|Ada");
  expect(turn.documents.map(({ step }) => step)).toEqual(["customer"]);
});

test.each([
  ["{{ question == 'Hi?' }}", true],
  ["true", true],
  ["false", false],
  ["[]", false],
  ["missing", false],
  ["customer.name == 'Ada' and not missing", true],
])("a condition is a Jinja expression: %s is %s", async (when, runs) => {
  const models = world();
  await prepareTurn(load([rewrite({ when }), lookup("customer", "ada")]), { question: "Hi?" }, models, CALL);
  expect(models.asked).toHaveLength(runs ? 1 : 0);
});

test("what a model wrote in a step is shown, and no context unless its step grounds", async () => {
  const found = { step: "rewrite", id: "query.prompty", text: "made up", generated: true };
  const plain = await prepareTurn(load([rewrite()]), { question: "Hi?" }, world(), CALL);
  expect(plain).toMatchObject({ documents: [found], context: "" });
  const steps = [rewrite({ grounds: true }), lookup("customer", "ada")];
  const grounded = await prepareTurn(load(steps), { question: "Hi?" }, world(), CALL);
  expect(grounded.context).toBe("rewrite (written by a model):\nmade up\n\ncustomer:\nid: ada\nname: Ada");
});

test("a streamed turn's usage is that of its steps as well", async () => {
  const usages = [];
  for await (const { usage } of streamTurn(load([rewrite()]), { question: "Hi?" }, world(), CALL))
    usages.push(usage);
  expect(usages).toEqual([undefined, { inputTokens: 2000, outputTokens: 200 }]);
});

test("the steps of a chat go before evaluations", async () => {
  const models = world();
  await prepareTurn(load([rewrite()]), { question: "Hi?" }, models, { ...CALL, purpose: "chat" });
  expect(models.asked[0]?.context).toMatchObject({ purpose: "step", interactive: true });
});

test("a step named as questions are is no input of the flow: the question goes to the name that is", () => {
  const flow = load([lookup("query", "{{ input }}")], {
    "chat.prompty": "user:\n{{ query.name }} {{ input }}",
  });
  expect(chatInputs(flow, [{ role: "user", text: "Hi?" }], { query: "forged" })).toEqual({
    input: "Hi?",
    chat_history: [],
  });
});

test("a search goes to the index under the connection's name; without one the step says so", async () => {
  const steps: StepDefinition[] = [
    {
      kind: "search",
      name: "found",
      connection: "shop",
      index: "i",
      query: "{{ question }}",
      top: 2,
      mode: "keyword",
      fields: [],
    },
  ];
  const queries: unknown[] = [];
  const searchIndex: NonNullable<TurnDependencies["searchIndex"]> = {
    search: async (query) => {
      queries.push(query);
      return [{ id: "7", name: "Lamp" }];
    },
  };
  const turn = await prepareTurn(load(steps), { question: "Light?" }, { ...world(), searchIndex }, CALL);
  expect(queries).toMatchObject([
    { connection: "shop", index: "i", mode: "keyword", text: "Light?", top: 2 },
  ]);
  expect(turn.context).toBe("found:\nid: 7\nname: Lamp");
  await expect(prepareTurn(load(steps), { question: "Light?" }, world(), CALL)).rejects.toThrow(
    "The step found: There is no connection shop",
  );
});

test("a version whose steps wait for each other is refused when it is loaded", () => {
  expect(() => load([lookup("a", "{{ b }}"), lookup("b", "{{ a }}")])).toThrow(
    "The steps a, b wait for each other.",
  );
});
