import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileTemplate, type TemplateFormat } from "../../../shared/flow/compile-template.ts";
import { parseMessages, textOf } from "../../../shared/flow/parse-messages.ts";
import { promptyAgent } from "../../../shared/flow/prompty-agent.ts";
import { resolveReferences } from "../../../shared/flow/resolve-references.ts";
import { literal } from "../../../shared/flow/segment.ts";

/** The specification's own vectors, where they lie beside the repository. */
const file = new URL("../../../../shared/data/prompty/vectors.json", import.meta.url);

interface Vector {
  name: string;
  operation: string;
  input: Record<string, unknown>;
  expected: Record<string, unknown>;
}

if (existsSync(file)) {
  const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: { vector: Vector }[] };
  const of = (operation: string): Vector[] =>
    vectors.map(({ vector }) => vector).filter((vector) => vector.operation === operation);

  describe("the specification's vectors", () => {
    test.each(of("render"))("render: $name", ({ input, expected }) => {
      const template = compileTemplate(String(input.template), input.engine as TemplateFormat);
      expect(textOf(template.render(input.inputs as Record<string, unknown>))).toBe(expected.rendered);
    });

    test.each(of("renderSegments").filter(({ expected }) => "segments" in expected))(
      "renderSegments: $name",
      ({ input, expected }) => {
        const template = compileTemplate(String(input.template), input.engine as TemplateFormat);
        const segments = template
          .render(input.inputs as Record<string, unknown>)
          .map(({ kind, text, source }) => ({
            kind: kind === "literal" ? "literal" : "interp",
            text,
            source: source ?? null,
          }));
        const wanted = expected.segments as { kind: string; text: string; source: string | null }[];
        expect(segments).toEqual(wanted.map(({ kind, text, source }) => ({ kind, text, source })));
      },
    );

    test.each(of("parse").filter(({ input }) => !("thread_inputs" in input)))(
      "parse: $name",
      ({ input, expected }) => {
        const messages = parseMessages([literal(String(input.rendered))]).map(
          ({ role, segments, attributes }) => ({
            role,
            content: [{ kind: "text", value: textOf(segments).replace(/^\n+|\n+$/g, "") }],
            ...(Object.keys(attributes).length > 0 ? { metadata: attributes } : {}),
          }),
        );
        expect(messages).toEqual(expected.messages);
      },
    );

    test.each(
      of("load").filter(({ input, expected }) => "frontmatter" in input && !("validated_inputs" in expected)),
    )("load: $name", ({ input, expected }) => {
      const resolved = resolveReferences(input.frontmatter, {
        environment: (input.env ?? {}) as Record<string, string>,
        folder: "",
        readFile: () => undefined,
      });
      if ("error" in expected) {
        expect(resolved.problems.map(({ message }) => message).join()).toContain(expected.error);
      } else {
        expect(resolved.problems).toEqual([]);
        expect(promptyAgent(resolved.value as Record<string, unknown>, "")).toMatchObject(expected);
      }
    });
  });
} else {
  test("the vectors are not beside this checkout: the parsers are held by their own tests", () => {
    expect(textOf(compileTemplate("{{ a }}", "jinja2").render({ a: 1 }))).toBe("1");
  });
}
