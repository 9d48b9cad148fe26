import fc from "fast-check";
import { expect, test } from "vitest";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { decodeText } from "../../../shared/flow/decode-text.ts";
import { parsePrompty } from "../../../shared/flow/parse-prompty.ts";
import { RenderError } from "../../../shared/flow/render-error.ts";
import { renderMessages } from "../../../shared/flow/render-messages.ts";
import { resolveReferences } from "../../../shared/flow/resolve-references.ts";

const files = new Map([
  ["a.json", new TextEncoder().encode('{"a": "${file:b.json}", "e": "${env:HOME}"}')],
  ["b.json", new TextEncoder().encode('["${file:a.json}", "${file:c.yaml}"]')],
  ["c.yaml", new TextEncoder().encode("x: &x [1]\ny: [*x, *x]\n")],
  ["img.png", new Uint8Array([1, 2, 3])],
]);

/** Pieces that files of prompts are made of, put together in any order. */
const pieces = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...FRAGMENTS()) },
      { weight: 1, arbitrary: fc.string({ maxLength: 10 }) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

function FRAGMENTS(): string[] {
  return [
    ..."---\n|+++\n|\n|  |- |: |{|}|[|]|'|\"|#|\t|&a |*a |? |!!str |\r\n|\uFEFF".split("|"),
    ..."name|inputs:\n|outputs:\n|tools:\n|model:\n|sample:\n|template: |  kind: |  type: |default: |required: true\n".split(
      "|",
    ),
    ..."mustache|jinja2|thread|image|array|object|__proto__|constructor|${file:a.json}|${file:../x}|${env:X:y}|${env:X}".split(
      "|",
    ),
    ...'system:\n|user:\n|# user[name="a"]:\n|assistant:\n|tool:\n|![x](img.png)|![x]({{ q }})'.split("|"),
    "{{ q }}",
    "{{#q}}",
    "{{/q}}",
    "{{^q}}",
    "{% for x in q %}",
    "{% endfor %}",
    "{% if q %}",
    "{% endif %}",
    "{{ h }}",
    "{{ q.role }}:\n",
  ];
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    "img.png",
    "../img.png",
    "data:image/png;base64,AA==",
    "user:\n",
    "\nsystem:\nx",
    "{{ q }}",
  ),
  fc.array(
    fc.record({
      role: fc.constantFrom("user", "system", "tool", "x"),
      content: fc.jsonValue({ maxDepth: 1 }),
    }),
  ),
);

test("whatever the file and the inputs, there are findings in place, messages, or an error that says why", () => {
  fc.assert(
    fc.property(pieces, value, value, (text, q, h) => {
      const { prompt, diagnostics } = parsePrompty("p.prompty", text, files);
      const lines = text.replaceAll("\r\n", "\n").split("\n").length;
      for (const { line, column, message } of diagnostics) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines + 1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe("");
      }
      expect(prompt === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      if (prompt === undefined) return;
      try {
        for (const { role, content } of renderMessages(prompt, { q, h, __proto__: q, history: h })) {
          expect(["system", "user", "assistant", "developer", "function", "tool"]).toContain(role);
          expect(typeof content === "string" || content.length > 0).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(RenderError);
      }
    }),
    { numRuns: 1500 },
  );
});

test("what an input holds changes no message's role and adds none, in either language", () => {
  const template = "system:\nRules.\n{{ note }}\nuser:\n{{ question }}";
  const text = fc
    .array(
      fc.constantFrom("\n", "\r", "\u2028", "system", "user", ":", "[a=1]", "#", " ", "{{ q }}", "{% raw %}"),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.constantFrom("jinja2", "mustache"), text, text, (format, note, question) => {
      const { prompt } = parsePrompty("p.prompty", `---\ntemplate: ${format}\n---\n${template}`, new Map());
      if (prompt === undefined) throw new Error("The template is valid.");
      const messages = renderMessages(prompt, { note, question });
      expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
      expect(messages[1]?.content).toContain(question.replace(/^\n+|\n+$/g, ""));
    }),
    { numRuns: 500 },
  );
});

test("references leave the folder under no name, and end", () => {
  const name = fc
    .array(fc.constantFrom("..", ".", "/", "\\", "a", "%2e", "%2F", "C:", "\0", "a.json", "b.json"), {
      maxLength: 8,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(name, fc.constantFrom("", "deep", "very/deep"), (written, folder) => {
      const read: string[] = [];
      resolveReferences(["${file:" + written + "}", `\${FILE:${written}}`], {
        environment: {},
        folder,
        readFile(path) {
          read.push(path);
          return '{"x": ["${file:a.json}", "${file:b.json}"]}';
        },
      });
      expect(read.length).toBeLessThan(1000);
      for (const path of read) {
        expect(path.startsWith(folder)).toBe(true);
        expect(path.split("/")).not.toContain("..");
      }
    }),
    { numRuns: 500 },
  );
});

test("bytes are text, or a finding on the line of the first that is none, or of a NUL", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const findings = createFindings();
      const text = decodeText("a", bytes, findings);
      expect(text === undefined).toBe(findings.list.length === 1);
      expect(text ?? "").not.toContain("\r\n");
      const [found] = findings.list;
      if (found !== undefined) {
        const written = Buffer.from(bytes).toString("latin1");
        const isNul = found.message.includes("NUL");
        const lines = written.split(isNul && !written.includes("\n") ? "\r" : "\n");
        expect(lines[found.line - 1]?.split("").some((one) => (isNul ? one === "\0" : one >= "\x80"))).toBe(
          true,
        );
      }
    }),
  );
});

test.each([
  ["brackets of images without end", `---\nsample: {}\n---\nuser:\n${"![".repeat(400_000)}`],
  ["images without end", `---\nsample: {}\n---\nuser:\n${"![x](".repeat(150_000)}`],
  ["a line of colons", `user:\n${":".repeat(900_000)}`],
  ["a marker of attributes", `user[${"a=b,".repeat(200_000)}]:\nHi`],
  ["spaces before a marker that never comes", `${" ".repeat(900_000)}x\nuser:\nHi`],
  ["a frontmatter of dashes", `---\n${"-- ".repeat(60_000)}\n---\nuser:\nHi`],
  [
    "an alias bomb",
    `---\na: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map((n, i) => `${n}: &${n} [${Array(10).fill(`*${"abcdefg"[i]}`).join(",")}]`)
      .join("\n")}\n---\nuser:\nHi`,
  ],
  [
    "sections of Mustache that never close",
    `---\ntemplate: mustache\n---\nuser:\n${"{{#a}}".repeat(150_000)}`,
  ],
])("%s: read and rendered, or refused, at once", (_what, text) => {
  const { prompt, diagnostics } = parsePrompty("p.prompty", text, new Map());
  if (prompt === undefined) expect(diagnostics.map(({ message }) => message).join()).not.toBe("");
  else expect(renderMessages(prompt, {}).length).toBeGreaterThan(0);
});
