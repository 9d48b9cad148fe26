import { coverage, terms } from "../text/words.ts";

/** A JSON schema, as far as it is read here. */
type Schema = Record<string, unknown>;

const DEEPEST = 8;

/**
 * A value that fits the schema, filled from the answer: text fields get it, choices the option nearest to it, numbers
 * the first figure in it, flags whether there was an answer.
 */
export function fillSchema(schema: Schema, answer: string, answered: boolean): unknown {
  const figure = Number(/-?\d+(?:\.\d+)?/.exec(answer.replaceAll(",", ""))?.[0] ?? 0);

  function fill(node: Schema, depth: number): unknown {
    const resolved = resolve(node, schema);
    if (depth > DEEPEST) return null;
    if ("const" in resolved) return resolved["const"];
    if (Array.isArray(resolved["enum"])) return nearest(resolved["enum"], answer);
    const options = resolved["anyOf"] ?? resolved["oneOf"];
    if (Array.isArray(options) && isSchema(options[0])) return fill(options[0], depth + 1);
    const type = Array.isArray(resolved["type"]) ? resolved["type"][0] : resolved["type"];
    switch (type) {
      case "object": {
        const properties = Object.entries(isSchema(resolved["properties"]) ? resolved["properties"] : {});
        return Object.fromEntries(
          properties.map(([name, member]) => [name, isSchema(member) ? fill(member, depth + 1) : null]),
        );
      }
      case "array":
        return isSchema(resolved["items"]) && answered ? [fill(resolved["items"], depth + 1)] : [];
      case "integer":
        return within(Math.round(figure), resolved);
      case "number":
        return within(figure, resolved);
      case "boolean":
        return answered;
      case "null":
        return null;
      default:
        return answer;
    }
  }
  return fill(schema, 0);
}

/** Follows `$ref` to `#/$defs/...` or `#/definitions/...`. */
function resolve(node: Schema, root: Schema): Schema {
  const reference = node["$ref"];
  if (typeof reference !== "string") return node;
  let target: unknown = root;
  for (const key of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    target = isSchema(target) ? target[key] : undefined;
  }
  return isSchema(target) ? target : {};
}

function nearest(options: unknown[], answer: string): unknown {
  const present = terms(answer);
  const shares = options.map((option) => coverage(terms(String(option)), present));
  return options[shares.indexOf(Math.max(...shares))];
}

function within(value: number, schema: Schema): number {
  const minimum = typeof schema["minimum"] === "number" ? schema["minimum"] : Number.NEGATIVE_INFINITY;
  const maximum = typeof schema["maximum"] === "number" ? schema["maximum"] : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(value, minimum), maximum);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
