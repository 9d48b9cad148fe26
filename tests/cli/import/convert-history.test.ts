import { expect, test } from "vitest";
import { convertHistory } from "../../../cli/import/convert-history.ts";

test.for([
  "{% for item in h %}\nuser:\n{{item.inputs.question}}\nassistant:\n{{item.outputs.answer}}\n{% endfor %}",
  "{%- for turn in h -%}\n# User:\n{{ turn.inputs.q }}\n# Assistant:\n{{- turn.outputs['a'] -}}\n{%- endfor -%}",
])("a loop that only writes both under their markers is the history itself: %s", (template) => {
  expect(convertHistory(`a\n${template}\nb`, "h")).toEqual({ text: "a\n{{ h }}\nb", problems: [] });
});

test("other loops ask for the role, with what goes before each", () => {
  const { text, problems } = convertHistory(
    "{% for t in h %}Q: {{t.inputs.question}} A: {{t.outputs.answer}}\n{% endfor %}",
    "h",
  );
  expect([text, problems]).toEqual([
    '{% for t in h %}{% if t.role == "user" %}Q: {{t.content}}{% else %} A: {{t.content}}\n{% endif %}{% endfor %}',
    [],
  ]);
});

test("a loop that is about messages already, or about another list, stays as it is", () => {
  const messages = "{% for item in h %}\n{{item.role}}:\n{{item.content}}\n{% endfor %}";
  expect(convertHistory(messages, "h")).toEqual({ text: messages, problems: [] });
  const other = "{% for item in docs %}{{item.inputs.question}}{% endfor %}";
  expect(convertHistory(other, "h")).toEqual({ text: other, problems: [] });
});

test.for([
  "{% for t in h %}{{t.outputs.answer}} to {{t.inputs.question}}{% endfor %}",
  "{{ h[-1].outputs.answer }}",
])("what cannot be converted is kept and reported: %s", (template) => {
  const { text, problems } = convertHistory(template, "h");
  expect(text).toBe(template);
  expect(problems).toHaveLength(1);
});

test("a loop inside of the loop's neighbour does not confuse which endfor is meant", () => {
  const inner = "{% for d in docs if d.x % 2 %}{% for y in d %}{{y}}{% endfor %}{% endfor %}";
  const loop = "{% for t in h %}\nuser:\n{{t.inputs.q}}\nassistant:\n{{t.outputs.a}}\n{% endfor %}";
  expect(convertHistory(inner + loop + inner, "h").text).toBe(`${inner}{{ h }}${inner}`);
});

test("a loop over a part of a history stays, and is named only where another loop makes messages of its turns", () => {
  const part = "{% for t in chat_history[-3:] %}{{ t.inputs.q }} / {{ t.outputs.a }}{% endfor %}";
  expect(convertHistory(part, "chat_history")).toEqual({ text: part, problems: [] });
  const all = "{% for t in chat_history %}Q {{ t.inputs.q }}\nA {{ t.outputs.a }}{% endfor %}";
  expect(convertHistory(`${all}\n${part}`, "chat_history").problems).toMatchObject([
    { message: "The loop over a part of chat_history counts turns, where messages are now." },
  ]);
});
