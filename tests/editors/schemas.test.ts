import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editorMetrics } from "../../shared/evaluators/editor-metrics.ts";
import { editorSchemas } from "../../shared/flow/editor-schemas.ts";
import { STATISTICS } from "../../shared/flow/flow-schema.ts";
import {
  FormatError,
  marginForm,
  parseNoWorseThan,
  parseThreshold,
  thresholdForm,
} from "../../shared/flow/parse-threshold.ts";
import { WORKSPACE } from "./workspace.ts";

const schemas = editorSchemas(editorMetrics());
const metrics = editorMetrics().map(({ name }) => name);

test("the schemas in schemas/ are what `npm run schemas` writes", () => {
  const folder = path.join(WORKSPACE, "schemas");
  // Beside the editors' own stands the API's document, which its own test holds.
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(schemas), "openapi.json"].sort());
  for (const [name, schema] of Object.entries(schemas)) {
    const written: unknown = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    expect(written, `schemas/${name} is stale: run npm run schemas`).toEqual(schema);
  }
});

test.each(Object.entries(schemas))("every property of %s says what it is", (_name, schema) => {
  expect(undescribed(schema, "")).toEqual([]);
});

describe("editors and the program agree", () => {
  const metric = fc.constantFrom(...metrics);
  const statistic = fc.constantFrom(...STATISTICS);
  const piece = fc.constantFrom(
    ">=",
    "<=",
    ">",
    "=",
    " ",
    "$",
    "0",
    "1",
    "4",
    "25",
    "100",
    ".",
    "0.8",
    "-",
    "%",
    "ms",
    "s",
    "min",
    "m",
    "x",
  );
  const amount = fc.oneof(
    fc.float({ noNaN: true, min: 0, max: 200 }).map(String),
    fc.integer({ min: 0, max: 300 }).map(String),
    piece,
  );
  const written = fc.oneof(
    fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join("")),
    fc
      .tuple(
        fc.constantFrom(">=", "<=", ""),
        fc.constantFrom("", " "),
        fc.constantFrom("", "$"),
        amount,
        fc.constantFrom("", "%", "s", "ms", " s"),
      )
      .map((pieces) => pieces.join("")),
  );

  test("on every threshold", () => {
    fc.assert(
      fc.property(written, metric, statistic, (text, name, statistic) => {
        const { pattern } = thresholdForm(name, statistic);
        expect(new RegExp(pattern).test(text)).toBe(reads(() => parseThreshold(text, name, statistic)));
      }),
      { numRuns: 5000 },
    );
  });

  test("on every number that is a threshold by itself", () => {
    fc.assert(
      fc.property(fc.constantFrom(-1, 0, 0.5, 1, 2), metric, statistic, (value, name, statistic) => {
        const { bare, maximum } = thresholdForm(name, statistic);
        const offered = bare && value >= 0 && value <= (maximum ?? Infinity);
        expect(offered).toBe(reads(() => parseThreshold(value, name, statistic)));
      }),
    );
  });

  test("on every margin of a mean", () => {
    fc.assert(
      fc.property(written, metric, (text, name) => {
        const pattern = new RegExp(marginForm(name).pattern);
        expect(pattern.test(text)).toBe(reads(() => parseNoWorseThan(text, name, "mean")));
      }),
      { numRuns: 5000 },
    );
  });

  test("no margin that the program reads is underlined", () => {
    fc.assert(
      fc.property(written, metric, statistic, (text, name, statistic) => {
        fc.pre(reads(() => parseNoWorseThan(text, name, statistic)));
        expect(text).toMatch(new RegExp(marginForm(name).pattern));
      }),
      { numRuns: 500 },
    );
  });

  test("on the examples that are offered", () => {
    for (const name of metrics) {
      for (const statistic of STATISTICS) {
        for (const example of thresholdForm(name, statistic).examples) {
          expect(reads(() => parseThreshold(example, name, statistic))).toBe(true);
        }
      }
      for (const example of marginForm(name).examples) {
        expect(reads(() => parseNoWorseThan(example, name, "mean"))).toBe(true);
      }
    }
  });
});

function reads(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** The paths of properties that hovering over would say nothing of. */
function undescribed(schema: unknown, at: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]: [string, unknown]) => {
    if (key !== "properties")
      return undescribed(part, key === "items" || key === "anyOf" ? at : `${at}/${key}`);
    return Object.entries(part as Record<string, { description?: string }>).flatMap(([name, property]) => [
      ...(property.description === undefined ? [`${at}/${name}`] : []),
      ...undescribed(property, `${at}/${name}`),
    ]);
  });
}
