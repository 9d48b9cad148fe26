import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { renderPrompt } from "../../../cli/render-prompt.ts";
import { historyMessages } from "../../../shared/flow/chat-history.ts";
import { compileTemplate, type TemplateFormat } from "../../../shared/flow/compile-template.ts";
import { createFindings } from "../../../shared/flow/diagnostics.ts";
import { expandMessage, type RichValue } from "../../../shared/flow/expand-message.ts";
import { inputValues } from "../../../shared/flow/input-values.ts";
import { parseMessages, textOf } from "../../../shared/flow/parse-messages.ts";
import { parseYaml } from "../../../shared/flow/parse-yaml.ts";
import { promptyAgent } from "../../../shared/flow/prompty-agent.ts";
import { resolveReferences } from "../../../shared/flow/resolve-references.ts";
import { interpolated, literal, type Segment } from "../../../shared/flow/segment.ts";
import { splitFrontmatter } from "../../../shared/flow/split-frontmatter.ts";
import { checkStrict } from "../../../shared/flow/strict-inputs.ts";

/** The specification's own vectors, where they lie beside the repository. */
const file = new URL("../../../../shared/data/prompty/vectors.json", import.meta.url);

type Fields = Record<string, unknown>;

interface Vector {
  name: string;
  operation: string;
  input: Fields;
  expected: Fields;
}

/** A template rendered, with what is strict refused for looking like a marker. */
function renderSegments(input: Fields): Segment[] {
  const segments = compileTemplate(String(input.template), input.engine as TemplateFormat).render(
    input.inputs as Fields,
  );
  const strict = (input.strict_props ?? []) as string[];
  checkStrict(segments, (name) => strict.includes(name));
  return segments;
}

const THREAD = /(__PROMPTY_THREAD_[0-9a-f]+_\w+?__)/;

/** Text with the marks that other runtimes put where a thread goes. */
function segmentsOf(rendered: string, threads: Fields): Segment[] {
  return rendered.split(THREAD).map((part) => {
    const name = Object.keys(threads).find((thread) => THREAD.test(part) && part.endsWith(`_${thread}__`));
    return name === undefined ? literal(part) : interpolated(part, name);
  });
}

function parsed(input: Fields): unknown[] {
  const threads = (input.thread_inputs ?? {}) as Fields;
  const rich = new Map<string, RichValue>(
    Object.entries(threads).flatMap(([name, value]) => {
      const messages = historyMessages(value, true);
      return messages === undefined ? [] : [[name, messages] as const];
    }),
  );
  return parseMessages(segmentsOf(String(input.rendered), threads)).flatMap((message) =>
    expandMessage(message, rich, { images: new Map(), writtenImages: false }).map(({ role, content }) => ({
      role,
      content: [{ kind: "text", value: content }],
      ...(message.attributes === undefined ? {} : { metadata: message.attributes }),
    })),
  );
}

/** A frontmatter, or the file that a vector tells of, loaded without leaving anything out. */
function loaded(input: Fields, text: string | undefined): { agent: unknown; problems: string[] } {
  const split = splitFrontmatter(text ?? "");
  const findings = createFindings();
  const data =
    text === undefined
      ? input.frontmatter
      : parseYaml("a.prompty", split?.frontmatter ?? "", findings)?.value;
  const files = (input.files ?? {}) as Fields;
  const { value, problems } = resolveReferences(data ?? {}, {
    environment: (input.env ?? {}) as Record<string, string>,
    folder: "",
    readFile: (name) => {
      const content = files[name];
      return content === undefined || typeof content === "string" ? content : JSON.stringify(content);
    },
  });
  return {
    agent: promptyAgent(value as Fields, split?.body ?? ""),
    problems: [...findings.list, ...problems].map(({ message }) => message),
  };
}

/** The file that a vector names is not given; one that says the same is written from what it must become. */
function fileOf(
  { instructions, template: _template, kind: _kind, ...frontmatter }: Fields,
  env: Fields,
): string {
  let yaml = stringify(frontmatter);
  for (const [name, value] of Object.entries(env)) yaml = yaml.replaceAll(String(value), `\${env:${name}}`);
  return `---\n${yaml}---\n${typeof instructions === "string" ? instructions : "user:\nHello"}\n`;
}

if (existsSync(file)) {
  const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: { vector: Vector }[] };
  const of = (operation: string): Vector[] =>
    vectors.map(({ vector }) => vector).filter((vector) => vector.operation === operation);

  describe("the specification's vectors", () => {
    test("none is of an operation that nothing here runs", () => {
      const known = ["render", "renderSegments", "parse", "load"];
      expect(vectors.map(({ vector }) => vector.operation).filter((name) => !known.includes(name))).toEqual(
        [],
      );
    });

    test.each(of("render"))("render: $name", ({ input, expected }) => {
      expect(textOf(renderSegments(input))).toBe(expected.rendered);
    });

    test.each(of("renderSegments"))("renderSegments: $name", ({ input, expected }) => {
      if ("error" in expected) {
        expect(() => renderSegments(input)).toThrow(expect.objectContaining({ name: expected.error }));
        return;
      }
      const strict = (input.strict_props ?? []) as string[];
      const segments = renderSegments(input).map(({ kind, text, source }) => ({
        kind: kind === "literal" ? "literal" : "interp",
        text,
        source: source ?? null,
        strict: source !== undefined && strict.includes(source),
      }));
      expect(segments).toEqual(expected.segments);
    });

    test.each(of("parse"))("parse: $name", ({ input, expected }) => {
      expect(parsed(input)).toEqual(expected.messages);
    });

    test.each(of("load"))("load: $name", async ({ input, expected }) => {
      if (expected.error === "FileNotFoundError") {
        const request = { file: String(input.fixture), inputsFile: undefined, set: {}, sample: false };
        await expect(renderPrompt(request, {})).rejects.toThrow(`There is no file ${String(input.fixture)}.`);
        return;
      }
      const text = "fixture" in input ? fileOf(expected, (input.env ?? {}) as Fields) : undefined;
      const { agent, problems } = loaded(input, text);
      if ("error" in expected) {
        expect(problems.join()).toContain(expected.error);
      } else if ("validated_inputs" in expected) {
        const inputs = (agent as ReturnType<typeof promptyAgent>).inputs.map((input, line) => ({
          ...input,
          type: input.kind,
          required: input.required === true,
          line,
          column: 1,
        }));
        const values = inputValues({ path: "a.prompty", inputs }, input.inputs as Fields);
        expect(values).toEqual(expected.validated_inputs);
      } else {
        expect(problems).toEqual([]);
        expect(agent).toMatchObject(expected);
      }
    });
  });
} else {
  test("the vectors are not beside this checkout: the parsers are held by their own tests", () => {
    expect(textOf(compileTemplate("{{ a }}", "jinja2").render({ a: 1 }))).toBe("1");
  });
}
