import { expect, test } from "vitest";
import { checkInputs } from "../../../shared/flow/check-inputs.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";

/** What is said of a template that gets these values: `line:column message|remedy`. */
function findingsOf(text: string, values: Record<string, unknown>): string[] {
  const { prompt, diagnostics } = parsePrompty("chat.prompty", text, new Map());
  if (prompt === undefined) throw new Error(JSON.stringify(diagnostics));
  const findings = createFindings();
  const supply = {
    names: new Set(Object.keys(values)),
    usedElsewhere: new Set<string>(),
    examples: (name: string) => (Object.hasOwn(values, name) ? [values[name]] : []),
  };
  checkInputs(prompt, supply, findings);
  return findings.list.map(({ line, column, message, remedy }) => `${line}:${column} ${message}|${remedy}`);
}

test("a marker behind a tag on its line opens a message like others", () => {
  expect(findingsOf("{% if q %}  user:\n{{ q }}{% endif %}", { q: "" })).toEqual([]);
});

test("a template that uses what it gets, and nothing else, leaves nothing to say", () => {
  const text =
    "---\ninputs: { tags: { type: list } }\n---\nuser:\n{% for tag in tags %}{{ tag }}{% endfor %}";
  expect(findingsOf(text, { tags: ["a"] })).toEqual([]);
});

test.each<[text: string, customer: unknown, found: string[]]>([
  [
    "{{ customer.nmae }}",
    { name: "Ada" },
    ["2:4 customer.nmae is not there: no customer has a field nmae.|Did you mean name?"],
  ],
  [
    "{{ customer.home.ctiy | upper }}",
    { home: { city: "Bonn" } },
    ["2:4 customer.home.ctiy is not there: no customer.home has a field ctiy.|Did you mean city?"],
  ],
  ["{{ customer.name }} {{ customer.weight }} {{ customer.home.city }}", { name: "Ada" }, []],
  ["{{ customer.nmae is defined }}", { name: "Ada" }, []],
  ["{{ customer.nmae | default('you') }}", { name: "Ada" }, []],
  ["{{ customer.items() }}", { item: "Ada" }, []],
  ["{{ customer.title() }}", "ada", []],
])("a field that no value has is named where another one is meant: %s", (text, customer, found) => {
  expect(findingsOf(`user:\n${text}`, { customer })).toEqual(found);
});

test.each([
  [
    "a name that nothing supplies",
    "user:\n{{ quesiton }}",
    { question: "" },
    "2:4 The template uses quesiton, which nothing supplies.|Did you mean question?",
  ],
  [
    "a history that is misspelt",
    "user:\n{{ histroy }}",
    { question: "" },
    "2:4 The template uses histroy, which nothing supplies.|Did you mean history?",
  ],
  [
    "a tool's message without its call",
    'user:\nHi\n tool[name="x"]:\nDone',
    {},
    '3:2 A tool message needs its tool_call_id: services refuse it without.|Write tool[tool_call_id="..."]:, or print the history that holds it whole, as {{ chat_history }}.',
  ],
  [
    "a tool's answer that is written out by its role",
    "user:\n{% for m in history %}\n{{ m.get('role') }}:\n{{ m.content }}\n{% endfor %}\nuser:\nHi",
    {
      history: [
        { role: "user", content: "a" },
        { role: "tool", tool_call_id: "c", content: "b" },
      ],
    },
    "3:1 history holds calls of tools, or their answers: written out by role and content they lose what ties them together.|Print it whole, as {{ history }}: then each message keeps its tool_calls and tool_call_id.",
  ],
  [
    "a field that messages do not have",
    'user[name="id=5", mood=good]:\nHi',
    {},
    "1:1 mood is sent as a field of the message, and a service may refuse what it does not know.|Messages have name and tool_call_id.",
  ],
  [
    "a name with nothing like it",
    "user:\n{{ xyz }}",
    { question: "" },
    "2:4 The template uses xyz, which nothing supplies.|Supplied are: question.",
  ],
  [
    "a name where nothing at all is given",
    "user:\n{{ xyz }}",
    {},
    "2:4 The template uses xyz, which nothing supplies.|Give it a value.",
  ],
  [
    "a name within a section of Mustache",
    "---\ntemplate: mustache\n---\nuser:\n{{#itmes}}{{.}}{{/itmes}}",
    { items: [] },
    "5:1 The template uses itmes, which nothing supplies.|Did you mean items?",
  ],
  [
    "an input nobody uses",
    "---\ninputs:\n  custmer: x\n---\nuser:\n{{ customer }}",
    { customer: "" },
    "3:3 Nobody uses the input custmer.|Did you mean customer?",
  ],
  [
    "an object looped over",
    "user:\n{% for order in orders %}{{ order }}{% endfor %}",
    { orders: { a: 1 } },
    "2:17 orders is an object and looped over: the loop visits its field names.|Loop over orders.items(), or give a list.",
  ],
  [
    "an object within an input looped over",
    "user:\n{% for o in customer.orders %}{{ o }}{% endfor %}",
    { customer: { orders: { a: 1 } } },
    "2:13 customer.orders is an object and looped over: the loop visits its field names.|Loop over customer.orders.items(), or give a list.",
  ],
  [
    "what is declared as an object looped over",
    "---\ninputs: [{ name: o, kind: object }]\n---\nuser:\n{% for x in o %}{{ x }}{% endfor %}",
    { o: [1] },
    "5:13 o is declared as an object and looped over: the loop visits its field names.|Loop over o.items(), or declare the input as a list.",
  ],
  [
    "no user message",
    "---\nname: a\n---\nsystem:\nBe kind.",
    {},
    "4:1 The template has no user message: the model is only given instructions.|Add a line user: and the question below it.",
  ],
  [
    "a history under its other name",
    "{{ history }}\nuser:\nHi",
    { chat_history: [] },
    "1:4 history is given as chat_history, which stands in for it.|Did you mean chat_history?",
  ],
  [
    "a history that is declared and not printed, given under its other name",
    "---\ninputs: [{ name: history, kind: thread }]\n---\nuser:\nHi",
    { chat_history: [] },
    "2:10 history is given as chat_history, which stands in for it.|Use one name for both: history, or chat_history.",
  ],
  [
    "a thread of another name that nothing gives",
    "---\ninputs: [{ name: talk, kind: thread }]\n---\nuser:\nHi",
    { history: [] },
    "2:10 Nothing supplies the thread talk, and history is given and not sent.|Use one name for both: talk, or history.",
  ],
  [
    "a history declared under its other name",
    "---\ninputs: [{ name: chat_history, kind: array }]\n---\n{{ history }}\nuser:\nHi",
    { history: [] },
    "2:10 Nobody uses the input chat_history.|Did you mean history?",
  ],
])("%s is said with its place and the nearest name", (_what, text, values, expected) => {
  expect(findingsOf(text, values)).toEqual([expected]);
});

test.each([
  "user:\n{{ note | default('none') }}{% if note is defined %}{{ note }}{% endif %}",
  "user:\n{% set note = 1 %}{{ note }}{% for note in [1] %}{{ note }}{% endfor %}",
  "user:\n{% raw %}{{ note }}{% endraw %}{# {{ note }} #}",
])("what is planned for, set by the template or only quoted is not missed: %j", (text) => {
  expect(findingsOf(text, {})).toEqual([]);
});
