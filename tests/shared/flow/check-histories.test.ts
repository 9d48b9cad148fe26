import { expect, test } from "vitest";
import { checkInputs } from "../../../shared/flow/check-inputs.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const known = { evaluators: ["groundedness"], metrics: ["latency", "errors"] };

/** What `validate` says of a flow with this prompt and these rows. */
function validated(
  prompt: string,
  rows: readonly Record<string, unknown>[],
  steps = "",
  step = "user:\n{{ history[-1].content }}\n{{ question }}:\nHi\n",
): string[] {
  const texts = {
    "flow.yaml": `name: shop\nprompt: chat.prompty\n${steps}evaluation:\n  datasets: [rows.jsonl]\n  evaluators: [groundedness]\ngate:\n  groundedness: { mean: ">= 3" }\n`,
    "chat.prompty": prompt,
    "step.prompty": step,
    "rows.jsonl": rows.map((row) => `${JSON.stringify({ question: "Q", ...row })}\n`).join(""),
  };
  const files = new Map(
    Object.entries(texts)
      .filter(([path]) => steps !== "" || path !== "step.prompty")
      .map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
  return validateFlow(files, known).diagnostics.map(
    ({ severity, file, line, column, message, remedy }) =>
      `${file}:${line}:${column}: ${severity}: ${message} ${remedy}`,
  );
}

const ASKS = "user:\n{{ question }}\n";
const bot = [
  { role: "user", content: "Q" },
  { role: "bot", content: "A" },
];

test.each([
  ["placed whole", "history", `{{ history }}\n${ASKS}`],
  ["not placed", "history", ASKS],
  [
    "looped over",
    "chat_history",
    `{% for m in chat_history %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}\n${ASKS}`,
  ],
  [
    "a thread",
    "talk",
    `---\ninputs: { talk: { kind: thread }, question: { kind: string } }\n---\n{{ talk }}\n${ASKS}`,
  ],
])("an unknown role in a row's history (%s) is an error at the row", (_what, name, prompt) => {
  const found = validated(prompt, [{ [name]: [] }, { [name]: bot }]);
  expect(found).toEqual([
    expect.stringMatching(
      new RegExp(
        String.raw`^rows\.jsonl:2:1: error: ${name}\[1\] has the role "bot"\. Did you mean assistant\? Roles: user, assistant, tool, function`,
      ),
    ),
  ]);
});

test("a message that gives instructions is left out, and said so; in a thread it is kept", () => {
  const history = [{ role: "system", content: "obey" }];
  expect(validated(`{{ history }}\n${ASKS}`, [{ history }])).toEqual([
    "rows.jsonl:1:1: warning: history[0] has the role system and is left out. Only the prompt gives instructions: leave it out, or declare the input with kind: thread.",
  ]);
  const thread = "---\ninputs: { history: { kind: thread }, question: { kind: string } }\n---\n";
  expect(validated(`${thread}{{ history }}\n${ASKS}`, [{ history }])).toEqual([]);
});

test("a template that maps the roles itself, or prints them as text, is left to it", () => {
  const maps = `{% for m in history %}\n{{ {"bot": "assistant"}.get(m.role, "user") }}:\n{{ m.content }}\n{% endfor %}\n${ASKS}`;
  expect(validated(maps, [{ history: bot }])).toEqual([]);
  const prints = `user:\n{% for m in history %}{{ m.role }}: {{ m.content }}\n{% endfor %}{{ question }}\n`;
  expect(validated(prints, [{ history: bot }])).toEqual([]);
});

test.each([
  ["a text", "[{}]", "history is a text, no list of messages, and printed as it is."],
  ["a list of other things", ["a"], "history holds no messages, and is printed as a list."],
])("%s is no history", (_what, history, message) => {
  const found = validated(`{{ history }}\n${ASKS}`, [{ history }]);
  expect(found.filter((line) => line.startsWith("rows.jsonl:1:1: warning: history "))).toEqual([
    expect.stringContaining(message),
  ]);
});

test("an item that is no message is named", () => {
  expect(
    validated(ASKS, [{ history: [{ role: "user", content: "Q" }, { inputs: { question: "Q" } }] }]),
  ).toContain(
    "rows.jsonl:1:1: error: history[1] is no message. Each message is { role, content }, or { inputs: { question }, outputs: { answer } }.",
  );
});

test("a sample's history is known as well, and only warned of", () => {
  const sample = "---\nsample: { history: [{ role: ai, content: A }] }\n---\nsystem:\n{{ history }}\n";
  expect(validated(`${sample}${ASKS}`, [{ history: [] }])).toEqual([
    expect.stringMatching(
      /^chat\.prompty:5:4: warning: history\[0\] has the role "ai"\. Did you mean assistant\?/,
    ),
  ]);
});

test("a step's prompt is looked at as well", () => {
  const steps = "steps:\n  words: { prompt: step.prompty }\n";
  const found = validated(
    `{{ words }}\n${ASKS}`,
    [{ question: "user", history: [{ role: "user", content: "A" }] }],
    steps,
  );
  expect(found).toEqual([
    expect.stringMatching(/^step\.prompty:3:1: warning: question stands where a role marker does/),
  ]);
});

/** What is said of a template that gets these values: `line:column message`. */
function findingsOf(text: string, values: Record<string, unknown>): string[] {
  const { prompt, diagnostics } = parsePrompty("chat.prompty", text, new Map());
  if (prompt === undefined) throw new Error(JSON.stringify(diagnostics));
  const findings = createFindings();
  checkInputs(
    prompt,
    {
      names: new Set(Object.keys(values)),
      usedElsewhere: new Set<string>(),
      examples: (name) => (Object.hasOwn(values, name) ? [values[name]] : []),
    },
    findings,
  );
  return findings.list.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const MUSTACHE = "---\ntemplate: mustache\n---\n";

test.each<[template: string, values: Record<string, unknown>, expected: string]>([
  [
    "user:\n{{ role }}:\nHi",
    { role: "" },
    "2:1 role stands where a role marker does, and opens no message: its value could be anything.",
  ],
  ["user:\n{{ me.role | lower }}:\nHi", { me: {} }, "2:1 me.role stands where a role marker does"],
  ["user:\n{{ question }}:\nHi", { question: "System" }, "2:1 question stands where a role marker does"],
  [
    "user:\n{% for m in history %}\n  {{ m.author }} :\n{% endfor %}",
    { history: [] },
    "3:3 history.author stands",
  ],
  [
    "user:\n{% for m in talk %}\n{{ m.who }}:\n{% endfor %}",
    { talk: [{ who: "user" }] },
    "3:1 talk.who stands",
  ],
  [
    "user:\n{% for p in staff %}\n{{ p.role }}:\n{% endfor %}",
    { staff: [{ role: "cook" }] },
    "3:1 staff.role stands where a role marker does, and opens no message: staff is no history.",
  ],
  [
    "user:\n{% macro say(m) %}\n{{ m.role }}:\n{{ m.content }}{% endmacro %}{{ say(x) }}",
    { x: {} },
    "3:1 This role marker opens no message: the text of a macro or a block is a value.",
  ],
  [
    "user:\n{% macro say(m) %}\nHi\n# Assistant:\n{{ m }}{% endmacro %}{{ say(x) }}",
    { x: "" },
    "4:1 This role marker opens no message",
  ],
  [
    "user:\n{% set block %}\n{{ 'user' }}:\n{% endset %}{{ block }}",
    {},
    "3:1 This role marker opens no message",
  ],
  [`${MUSTACHE}user:\n{{role}}:\nHi`, { role: "user" }, "5:1 role stands where a role marker does"],
  [
    `${MUSTACHE}user:\n{{#me}}\n{{role}}:\n{{/me}}`,
    { me: { role: "user" } },
    "6:1 me.role stands where a role marker does, and opens no message: me is no history.",
  ],
  [`${MUSTACHE}user:\n{{#history}}\n{{author}}:\n{{/history}}`, { history: [] }, "6:1 history.author stands"],
])("a line that looks like a marker and opens no message is named: %j", (template, values, expected) => {
  const found = findingsOf(template, values);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test.each<[template: string, values: Record<string, unknown>]>([
  ["user:\n{{ name }}:\nHi {{ name }}: {{ role }}", { name: "Ada", role: "user" }],
  ["{% for m in history %}\n{{ m.role | lower }}:\n{{ m.content }}\n{% endfor %}", { history: [] }],
  [
    "{% for m in talk %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}",
    { talk: [{ role: "user", content: "Q" }] },
  ],
  ["{% for m in talk %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}", { talk: [] }],
  [
    "{% for m in history %}\n{{ loop.cycle('user', 'assistant') }}:\n{{ m.content }}\n{% endfor %}",
    { history: [] },
  ],
  [`${MUSTACHE}{{#chat_history}}\n{{role}}:\n{{content}}\n{{/chat_history}}`, { chat_history: [] }],
])("what opens messages, or was not meant to, leaves nothing to say: %j", (template, values) => {
  expect(findingsOf(template, values)).toEqual([]);
});

test("a step's prompt is held against the rows that it takes its history from", () => {
  const found = (step: string, inputs = ""): string[] => {
    const maps = `{{ words }}\n{% for m in history %}{{ m.content }}{% endfor %}\n${ASKS}`;
    const steps = `steps:\n  words: { prompt: step.prompty${inputs} }\n`;
    return validated(maps, [{ history: bot }], steps, step).filter((line) => line.includes('"bot"'));
  };
  expect(found("{{ history }}\nuser:\n{{ question }}\n")).toHaveLength(1);
  expect(found("{{ history }}\nuser:\n{{ question }}\n", ", inputs: { history: [] }")).toEqual([]);
  expect(found("user:\n{{ question }}\n")).toEqual([]);
});

test("a text that begins as a list does is no history, unless the input is one", () => {
  const prompt = "system:\n{{ note }}\n{{ history }}\nuser:\n{{ question }}\n";
  const note = "[draft] tents";
  expect(validated(prompt, [{ note, history: [] }])).toEqual([]);
  expect(validated(prompt, [{ note: "a", history: note }])).toEqual([
    expect.stringContaining("history is a text, no list of messages, and printed as it is."),
  ]);
});
