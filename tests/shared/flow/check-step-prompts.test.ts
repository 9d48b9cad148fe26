import { expect, test } from "vitest";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const known = { evaluators: ["similarity"], metrics: ["latency"] };

/** What is said of the prompt of a step, and of the step: `file:line:column severity message|remedy`. */
function findingsOf(step: string, inputs: string, rows = '{"question": "Hi", "tone": "kind"}'): string[] {
  const files = {
    "flow.yaml": `name: shop
prompt: chat.prompty
evaluation: { datasets: data.jsonl }
gate: { latency: { p95: "<= 1s" } }
steps:
  who: { lookup: k.jsonl, by: id, equals: "1" }
  said: { prompt: step.prompty, inputs: ${inputs} }
`,
    "chat.prompty": "system:\n{{ said }}{{ who.id }}{{ tone }}\nuser:\n{{ question }}",
    "step.prompty": step,
    "k.jsonl": '{"id": 1}\n',
    "data.jsonl": `${rows}\n`,
  };
  const encoded = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  return validateFlow(encoded, known).diagnostics.map(
    ({ file, line, column, severity, message, remedy }) =>
      `${file}:${line}:${column} ${severity} ${message}|${remedy}`,
  );
}

test("a step's prompt that uses what its step and the rows give, and nothing else, leaves nothing to say", () => {
  const step = "---\ninputs: { text: x, list: [] }\n---\nuser:\n{{ text }} {{ question }} {{ chat_history }}";
  expect(findingsOf(`${step}{{ list }}{{ who.id }}`, '{ text: "{{ question }}" }')).toEqual([]);
});

test.each<[what: string, step: string, inputs: string, found: string]>([
  [
    "no user message",
    "system:\n{{ question }}",
    "{}",
    "step.prompty:1:1 warning The template has no user message: the model is only given instructions.|Add a line user: and the question below it.",
  ],
  [
    "an unknown name",
    "user:\n{{ question }} {{ tnoe }}",
    "{}",
    "step.prompty:2:19 warning The template uses tnoe, which nothing supplies.|Did you mean tone?",
  ],
  [
    "a name that nearly is one of those that the step gives",
    "user:\n{{ text }} {{ txet }}",
    '{ text: "{{ question }}" }',
    "step.prompty:2:15 warning The template uses txet, which nothing supplies.|Did you mean text?",
  ],
  [
    "an input nobody uses",
    "---\ninputs: { mood: { type: string } }\n---\nuser:\n{{ question }}",
    "{}",
    "step.prompty:2:11 warning Nobody uses the input mood.|Remove it, or use it.",
  ],
  [
    "a lookup's record looped over under another name",
    "user:\n{% for part in person %}{{ part }}{% endfor %}",
    '{ person: "{{ who }}" }',
    "step.prompty:2:16 warning person is an object and looped over: the loop visits its field names.|Loop over person.items(), or give a list.",
  ],
  [
    "an object that the step writes out looped over",
    "user:\n{% for part in person %}{{ part }}{% endfor %}",
    "{ person: { name: Ada } }",
    "step.prompty:2:16 warning person is an object and looped over: the loop visits its field names.|Loop over person.items(), or give a list.",
  ],
])("%s", (_what, step, inputs, found) => {
  expect(findingsOf(step, inputs)).toEqual([found]);
});

test("a history under its other name is said, and stands in", () => {
  const rows = '{"question": "Hi", "tone": "kind", "chat_history": [{"role": "user", "content": "Hm"}]}';
  expect(findingsOf("{{ history }}\nuser:\n{{ question }}", "{}", rows)).toEqual([
    "step.prompty:1:4 warning history is given as chat_history, which stands in for it.|Did you mean chat_history?",
  ]);
});

test("a prompt that only some rows give a user message is named with the row", () => {
  const step = "system:\nRewrite.\n{% if tone == 'firm' %}\nuser:\n{{ question }}\n{% endif %}";
  expect(findingsOf(step, "{}")).toEqual([
    "step.prompty:1:1 warning There is no user message with the row at data.jsonl:1: the model is only given instructions.|Let a line user: stand outside of conditions and loops, and the question below it.",
  ]);
  expect(findingsOf(step, "{}", '{"question": "Hi", "tone": "firm"}')).toEqual([]);
});
