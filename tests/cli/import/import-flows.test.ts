import { parse } from "yaml";
import { expect, test } from "vitest";
import {
  CHAT_TEMPLATE,
  dagWith,
  FIXTURES,
  importFixture,
  importTexts,
  said,
  type Imported,
} from "./import-texts.ts";

test("a chat flow becomes a prompt with its model, inputs and history, and validates without a word", async () => {
  const { problems, text, name } = await importFixture("basic-chat");
  expect([name, problems]).toEqual(["basic-chat", []]);
  const [, frontmatter = "", body = ""] = text("reply.prompty").split("---\n");
  expect(parse(frontmatter)).toMatchObject({
    model: {
      api: "chat",
      configuration: { type: "azure_openai", azure_deployment: "gpt-4o-mini" },
      parameters: { temperature: 0.2, top_p: 1, max_tokens: 256, presence_penalty: 0 },
    },
    inputs: {
      question: { type: "string" },
      chat_history: { type: "thread", default: [] },
      reader_name: { type: "string", default: "reader" },
      tone: { default: "friendly" },
    },
  });
  expect(parse(frontmatter)).not.toHaveProperty("model.parameters.stop");
  expect(parse(frontmatter)).not.toHaveProperty("inputs.question.default");
  expect(body).toContain("You help {{reader_name}} of the town library in a {{tone}} voice.");
  expect(body).toContain("\n{{ chat_history }}\n");
  expect(body).toMatch(/# user:\n\{\{question\}\}\n$/);
});

test("a run's columns become inputs, its constants values, and its expected answers ground_truth", async () => {
  const { rows, text } = await importFixture("basic-chat");
  expect(rows("data/questions.jsonl")).toEqual([
    {
      id: "row-1",
      question: "When does the library open?",
      chat_history: [],
      reader_name: "guest",
      ground_truth: "It opens at 9 on weekdays.",
      topic: "hours",
    },
    {
      id: "row-2",
      question: "And when does it close?",
      chat_history: [
        { role: "user", content: "When do you open?" },
        { role: "assistant", content: "At 9." },
      ],
      reader_name: "guest",
      ground_truth: "It closes at 18 on weekdays.",
      topic: "hours",
    },
  ]);
  expect(parse(text("flow.yaml"))).toMatchObject({
    evaluation: { evaluators: expect.arrayContaining(["similarity", "relevance"]) as string[] },
  });
});

test("python nodes are named with what they do and what replaces them, and refuse the flow at validate", async () => {
  const { problems, notCarried, text } = await importFixture("wikipedia-chat");
  expect(said(notCarried)).toEqual([
    "flow.dag.yaml:14 The output sources is not carried over: a flow gives one answer, answer.",
    'flow.dag.yaml:31 The node find_pages, find_pages.py (Python), is not carried over. It fetches from the web (find_pages, clean): "Finds the pages of an online encyclopedia.".',
    'flow.dag.yaml:39 The node join_passages, join_passages.py (Python), is not carried over. It takes a text apart (join_passages): "Joins the passages into one text with their sources.".',
  ]);
  expect(notCarried[1]?.remedy).toContain("retrieve: knowledge/find_pages.jsonl");
  expect(notCarried[2]?.remedy).toContain("{% for item in find_pages %}");
  const errors = problems?.filter(({ severity }) => severity === "error") ?? [];
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatchObject({ file: "flow.yaml", column: 3 });
  expect(errors[0]?.message).toContain(
    "The step find_pages stands for find_pages.py (Python), which Flowgate does not run.",
  );
  expect(errors[0]?.remedy).toContain("retrieve");
  expect(text("final_answer.prompty")).toContain("{{join_passages}}");
  expect(text("final_answer.prompty")).toContain("{{ chat_history }}");
});

test("a history that is part of a text asks for the role of each message", async () => {
  const { text } = await importFixture("wikipedia-chat");
  expect(text("prompts/search_words.prompty")).toContain(
    '{% for turn in chat_history %}{% if turn.role == "user" -%}\nVisitor: {{turn.content}}\n{% else %}Guide: {{turn.content}}\n{% endif %}{% endfor -%}',
  );
});

test("the default variant answers, the others are compared; prompt nodes and shared files are written into it", async () => {
  const { problems, text, notCarried, carried } = await importFixture("page-labels");
  expect(problems).toEqual([]);
  expect(parse(text("flow.yaml"))).toMatchObject({
    prompt: "label_page.prompty",
    steps: { summary: { prompt: "prompts/summary.prompty" } },
    variants: { prompt: { variant_0: "prompts/label_page-variant_0.prompty" } },
    evaluation: { evaluators: ["f1_score", "exact_match"] },
  });
  const main = text("label_page.prompty");
  expect(main).toContain("Answer with the label alone.\nThese {{kind}} pages are labelled already:");
  expect(main).toContain("Address: {{question}}\n{% if summary %}Content: {{ summary | trim }}{% endif %}");
  expect(parse(main.split("---\n")[1] ?? "")).toMatchObject({
    model: { parameters: { max_tokens: 8, temperature: 0, stop: ["\n"] } },
    inputs: { kind: { default: "web" } },
  });
  expect(text("prompts/label_page-variant_0.prompty")).toContain("azure_deployment: gpt-4o-mini");
  // The completions API had no roles, and its models are gone.
  expect(text("prompts/summary.prompty")).toContain("---\nuser:\nSay in one sentence");
  expect(text("prompts/summary.prompty")).not.toContain("davinci");
  expect(said(notCarried)).toEqual([
    "flow.dag.yaml:2 The input page is called question now, in templates and datasets alike.",
    "flow.dag.yaml:9 The output length is not carried over: a flow gives one answer, label.",
    "flow.dag.yaml:22 summary asks text-davinci-003, a completion model; a flow answers by chat.",
    "flow.dag.yaml:38 The node unused_shout is not carried over: the answer does not depend on it.",
  ]);
  expect(carried.map(({ what }) => what)).toContain("llm node label_page, variant variant_1");
});

test("activate becomes when, and fields of a node's output fields of the step's result", async () => {
  const { problems, text, notCarried } = await importFixture("order-desk");
  expect([problems, notCarried]).toEqual([[], []]);
  expect(parse(text("flow.yaml"))).toMatchObject({
    steps: {
      kind: { prompt: "prompts/kind.prompty" },
      order_words: { when: 'kind == "order"' },
      refund_words: { when: "express == false" },
    },
  });
  expect(text("answer.prompty")).toContain(
    "{% if refund_words.reason %}Why: {{refund_words.reason}}{% endif %}",
  );
  expect(text("answer.prompty")).toContain("type: openai\n    model: gpt-4o");
  expect(text("prompts/refund_words.prompty")).toContain("response_format:\n      type: json_object");
});

test("an experiment gives the name, the mapped rows with the evaluator's column as ground_truth, and its evaluators", async () => {
  const { name, problems, rows, text, notCarried } = await importFixture("ticket-experiment");
  expect([name, problems]).toEqual(["ticket-triage", []]);
  expect(rows("data/triage_training.jsonl")).toEqual([
    { id: "row-1", question: "My invoice is wrong.", ground_truth: "billing" },
    { id: "row-2", question: "The wifi is down.", ground_truth: "network" },
  ]);
  expect(parse(text("flow.yaml"))).toMatchObject({ evaluation: { evaluators: ["f1_score", "exact_match"] } });
  expect(said(notCarried)).toContain(
    "experiment.yaml:28 The evaluator politeness_flow is not carried over: none of Flowgate's is known to measure the same.",
  );
});

test("an overlay takes its name and flow from the base, and the rest from itself where it says so", async () => {
  const base = "name: shop\nflow: flows/main\ndatasets:\n- name: a\n  source: a.jsonl\n";
  const files = {
    "experiment.yaml": base,
    "experiment.dev.yaml": "datasets:\n- name: b\n  source: b.jsonl\n",
    "flows/main/flow.dag.yaml": dagWith(),
    "flows/main/chat.jinja2": CHAT_TEMPLATE,
    "a.jsonl": '{"question": "A?"}\n',
    "b.jsonl": '{"question": "B?"}\n',
  };
  const overlay = await importTexts(files, "experiment.dev.yaml");
  expect([overlay.name, overlay.rows("data/b.jsonl")]).toEqual(["shop", [{ id: "row-1", question: "B?" }]]);
  const plain = await importTexts(files);
  expect(plain.rows("data/a.jsonl")).toEqual([{ id: "row-1", question: "A?" }]);
  expect(said(plain.notCarried)).toContain(
    "experiment.dev.yaml:1 experiment.dev.yaml changes this experiment for one environment, and is not read.",
  );
});

test("the rows of an experiment's datasets have ids of their own, also where two datasets have none or the same", async () => {
  const named = "- name: a\n  source: a.jsonl\n- name: b\n  source: b.jsonl\n- name: c\n  source: c.jsonl\n";
  const { rows, problems } = await importTexts({
    "experiment.yaml": `name: shop\nflow: flows/main\ndatasets:\n${named}`,
    "flows/main/flow.dag.yaml": dagWith(),
    "flows/main/chat.jinja2": CHAT_TEMPLATE,
    "a.jsonl": '{"question": "A?"}\n',
    "b.jsonl": '{"question": "B?"}\n',
    "c.jsonl": '{"question": "C?", "id": "row-1"}\n',
  });
  expect(rows("data/a.jsonl")).toEqual([{ id: "row-1", question: "A?" }]);
  expect(rows("data/b.jsonl")).toEqual([{ id: "b-row-1", question: "B?" }]);
  expect(rows("data/c.jsonl")).toEqual([{ id: "c-row-1", question: "C?" }]);
  expect(problems?.filter(({ message }) => message.includes("taken"))).toEqual([]);
});

test("an evaluation flow is named with the evaluator that does the same, and not carried over", async () => {
  const { files, notCarried } = await importFixture("ticket-experiment/flows/triage-accuracy");
  expect(files).toBeUndefined();
  expect(said(notCarried)).toEqual([
    "flow.dag.yaml:19 This is an evaluation flow: calculate_accuracy aggregates over all rows. It is not carried over.",
  ]);
  expect(notCarried[0]?.remedy).toContain("Flowgate has exact_match.");
});

test("a flex flow that enters Python is refused by its line; one that enters a .prompty is imported", async () => {
  const refused = await importFixture("flex-python");
  expect([refused.files, said(refused.notCarried)]).toEqual([
    undefined,
    ["flow.flex.yaml:2 The flow's entry guide:ChatFlow is Python, which Flowgate does not run."],
  ]);
  const prompty =
    "---\nname: guide\nmodel: gpt-4o\ninputs:\n  question:\n    type: string\nsample:\n  question: Who painted it?\n---\nsystem:\nBe brief.\nuser:\n{{question}}\n";
  const files = { "flow.flex.yaml": "entry: guide.prompty\n", "guide.prompty": prompty };
  const imported = await importTexts(files);
  expect(imported.problems).toEqual([]);
  expect(imported.text("guide.prompty")).toBe(prompty);
  expect(imported.rows("data/questions.jsonl")).toEqual([{ question: "Who painted it?" }]);
});

test("a flex flow's .prompty prints what Prompt Flow prints, a .prompty alone what it prints anywhere", async () => {
  const head = "---\nname: guide\nmodel: gpt-4o\ninputs:\n  items:\n    type: list\n---\n";
  const body = "system:\nBe brief.\n{% for item in items %}\n- {{ item }}\n{% endfor %}\nuser:\nHi\n";
  const trimmed = body.replace("items %}", "items -%}").replace("endfor %}", "endfor -%}");
  const flex = { "flow.flex.yaml": "entry: guide.prompty\n", "guide.prompty": head + body };
  const imported = await importTexts(flex);
  expect(imported.text("guide.prompty")).toBe(head + trimmed);
  expect(imported.carried).toContainEqual(
    expect.objectContaining({ to: "guide.prompty, with trim_blocks written into its template" }),
  );
  const alone = await importTexts({ "guide.prompty": head + body }, "guide.prompty");
  expect(alone.text("guide.prompty")).toBe(head + body);
  const mustache = head.replace("model:", "template: mustache\nmodel:") + body.replaceAll(/\{%.*?%\}\n/g, "");
  const other = await importTexts({ ...flex, "guide.prompty": mustache });
  expect(other.text("guide.prompty")).toBe(mustache);
});

test("a template that only feeds Python that asks the model itself becomes the prompt", async () => {
  const { text, problems } = await importTexts({
    "flow.dag.yaml": `inputs:
  text:
    type: string
    default: Good morning!
outputs:
  output:
    type: string
    reference: \${ask.output}
nodes:
- name: greeting
  type: prompt
  source: { type: code, path: greeting.jinja2 }
  inputs:
    text: \${inputs.text}
- name: ask
  type: python
  source: { type: code, path: ask.py }
  inputs:
    prompt: \${greeting.output}
`,
    "greeting.jinja2": "Greet as politely as this does: {{text}}\n",
    "ask.py":
      "from openai import AzureOpenAI\n\ndef ask(prompt: str):\n    return AzureOpenAI().completions.create(prompt=prompt)\n",
  });
  expect(text("greeting.prompty")).toContain("---\nuser:\nGreet as politely as this does: {{question}}\n");
  expect(problems?.map(({ message }) => message).join("\n")).toContain("asks a model by itself (ask)");
});

test("a dataset can be named by a run outside of the flow's folder", async () => {
  const run = `${FIXTURES}/basic-chat/run.yml`;
  const { rows } = await importFixture("basic-chat", run);
  expect(rows("data/questions.jsonl")).toHaveLength(2);
});

test("without any dataset one row shows what rows are like, and a warning says so", async () => {
  const inputs =
    "  question:\n    type: string\n    default: Why?\n  tone:\n    type: string\n    default: calm";
  const { rows, problems, notCarried } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs }),
    "chat.jinja2": CHAT_TEMPLATE,
  });
  expect(rows("data/questions.jsonl")).toEqual([{ question: "Why?", tone: "calm" }]);
  expect(problems?.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(said(notCarried).join()).toContain("No dataset was found");
});

test("what a run was of, and what a node was asked with, is not lost", async () => {
  const { notCarried, problems } = await importTexts({
    "flow.dag.yaml": dagWith({
      inputs: "  query:\n    type: string\n    is_chat_input: true",
      node: "    found: ${find.output}\n",
      more: `- name: rewrite
  type: llm
  source: { type: code, path: chat.jinja2 }
  inputs: { deployment_name: gpt-4o, question: "\${inputs.query}" }
  connection: aoai
  api: chat
- name: find
  type: python
  source: { type: package, tool: promptflow_vectordb.tool.common_index_lookup.search }
  inputs: { queries: "\${rewrite.output}", top_k: 2 }
`,
    }).replace("${inputs.question}", "${inputs.query}"),
    "chat.jinja2": CHAT_TEMPLATE,
    "data.jsonl": '{"query": "Why?"}',
  });
  expect(said(notCarried).join()).toContain("find");
  expect(problems?.map(({ remedy }) => remedy).join()).toContain('query: "{{ rewrite }}"');
});

const VARIANTS = `inputs:
  question: { type: string }
outputs:
  answer: { type: string, reference: "\${chat.output}" }
nodes:
- name: chat
  use_variants: true
node_variants:
  chat:
    default_variant_id: kind
    variants:
      kind: { node: { type: llm, source: { type: code, path: kind.jinja2 }, inputs: { deployment_name: m, question: "\${inputs.question}" }, api: chat } }
      short: { node: { type: llm, source: { type: code, path: short.jinja2 }, inputs: { deployment_name: m, question: "\${inputs.question}" }, api: chat } }
`;
const VARIANT_FILES = {
  "flow.dag.yaml": VARIANTS,
  "kind.jinja2": CHAT_TEMPLATE,
  "short.jinja2": "system:\nBe short.\nuser:\n{{question}}\n",
  "data.jsonl": '{"question": "Why?"}',
};

test("the variant that a run names answers, and the flow's default is one to compare with", async () => {
  const { problems, text, carried } = await importTexts({
    ...VARIANT_FILES,
    "run.yaml": "flow: .\ndata: data.jsonl\nvariant: ${chat.short}\n",
  });
  expect(problems).toEqual([]);
  expect(text("chat.prompty")).toContain("Be short.");
  expect(text("prompts/chat-kind.prompty")).toContain("Be kind.");
  expect(carried.map(({ what }) => what)).toContain("llm node chat, variant short");
});

test("a run of a variant or a node that is not there is refused at its line, with what there is", async () => {
  const run = (variant: string): Promise<Imported> =>
    importTexts({ ...VARIANT_FILES, "run.yaml": `flow: .\ndata: data.jsonl\nvariant: ${variant}\n` });
  const [variant, node, other] = await Promise.all(["${chat.shrot}", "${chta.short}", "short"].map(run));
  expect(said(variant?.notCarried ?? [])).toEqual([
    "run.yaml:3 The run is of the variant shrot, which the node chat does not have.",
  ]);
  expect(variant?.notCarried[0]?.remedy).toContain("Did you mean short?");
  expect(said(node?.notCarried ?? [])).toEqual([
    "run.yaml:3 The run is of the node chta, which is not there.",
  ]);
  expect(said(other?.notCarried ?? [])).toEqual(["run.yaml:3 This names no variant."]);
  expect(node?.files).toBeUndefined();
});

test("a condition of the node that answers is refused at validate until it is written into the prompt", async () => {
  const { problems, text, notCarried } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs: "  question: { type: string }\n  safe: { type: bool }" }).replace(
      "  connection: aoai",
      '  activate: { when: "${inputs.safe}", is: true }\n  connection: aoai',
    ),
    "chat.jinja2": CHAT_TEMPLATE,
    "data.jsonl": '{"question": "Why?", "safe": true}',
  });
  const message = "chat is the prompt that answers, and always runs: its activate is not carried over.";
  expect(notCarried.map((found) => found.message)).toContain(message);
  const errors = problems?.filter(({ severity }) => severity === "error") ?? [];
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toContain("chat_condition stands for the activate of chat");
  expect(errors[0]?.remedy).toContain("{% if safe == true %}");
  expect(parse(text("flow.yaml"))).toHaveProperty("steps.chat_condition.unsupported");
});

test("a variant of the prompt declares what a step's condition takes, as the prompt does", async () => {
  const { problems, text } = await importTexts({
    "flow.dag.yaml": `inputs:
  question: { type: string }
  limit: { type: int, default: 3 }
outputs:
  answer: { type: string, reference: "\${chat.output}" }
nodes:
- name: rewrite
  type: llm
  source: { type: code, path: rewrite.jinja2 }
  inputs: { deployment_name: gpt-4o, question: "\${inputs.question}" }
  activate: { when: "\${inputs.limit}", is: 3 }
- { name: chat, type: llm, use_variants: true }
node_variants:
  chat:
    default_variant_id: a
    variants:
      a: { node: { type: llm, source: { type: code, path: chat.jinja2 }, inputs: { deployment_name: gpt-4o, question: "\${rewrite.output}" } } }
      b: { node: { type: llm, source: { type: code, path: chat.jinja2 }, inputs: { deployment_name: gpt-4, question: "\${rewrite.output}" } } }
`,
    "rewrite.jinja2": CHAT_TEMPLATE,
    "chat.jinja2": CHAT_TEMPLATE,
    "data.jsonl": '{"question": "Why?"}',
  });
  expect(problems?.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(text("prompts/chat-b.prompty")).toContain("limit:");
});

test("values of a CSV file and of a flow that quotes them become what their inputs are declared as", async () => {
  const inputs = [
    "  question: { type: string }",
    "  top: { type: int, default: '3' }",
    "  strict: { type: bool }",
    "  tags: { type: list }",
  ].join("\n");
  const given = ["top", "strict", "tags"].map((name) => `    ${name}: \${inputs.${name}}\n`).join("");
  const { rows, problems, text } = await importTexts({
    "flow.dag.yaml": dagWith({ inputs, node: given }),
    "chat.jinja2": `${CHAT_TEMPLATE}{{top}}{{strict}}{{tags}}`,
    "data.csv": 'question,top,strict,tags\n5,7,True,"[""a""]"\nWhy?,,false,[]\n',
  });
  expect(rows("data/questions.jsonl")).toMatchObject([
    { question: "5", top: 7, strict: true, tags: ["a"] },
    { question: "Why?", strict: false, tags: [] },
  ]);
  expect(text("chat.prompty")).toContain("default: 3");
  expect(problems?.filter(({ message }) => message.includes("declared"))).toEqual([]);
});
