import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";

interface Call {
  name: string;
  values: Record<string, unknown>;
}

/** Tool calls: against the expected ones, else whether each names a tool with all that it requires. */
export function judgeToolCalls({ toolDefinitions, toolCalls, expectedToolCalls }: JudgeCall): Judgement {
  const made = jsonIn(toolCalls).map(callOf);
  const expected = jsonIn(expectedToolCalls).map(callOf);
  if (expected.length > 0) {
    const missing = expected.filter((wanted) => !made.some((call) => isSame(call, wanted)));
    const named = missing.filter((wanted) => made.some(({ name }) => name === wanted.name));
    if (missing.length > 0) {
      const [first] = missing;
      const reason = `${first?.name ?? "A tool"} was ${named.length > 0 ? "called with other arguments" : "not called"}.`;
      const share = 1 - (missing.length - named.length / 2) / expected.length;
      return { reason, score: Math.min(3, 1 + 4 * share) };
    }
    return made.length > expected.length
      ? { reason: "All expected calls and more were made.", score: 4 }
      : { reason: "Exactly the expected calls were made.", score: 5 };
  }
  if (made.length === 0) return { reason: "No tool was called, and none was expected.", score: 4 };
  const tools = new Map(jsonIn(toolDefinitions).map((tool) => [callOf(tool).name, requiredOf(tool)]));
  const wrong = made.find(({ name, values }) => !(tools.get(name)?.every((key) => key in values) ?? false));
  if (wrong === undefined) return { reason: "Every call names a tool with all it requires.", score: 5 };
  return tools.has(wrong.name)
    ? { reason: `The call of ${wrong.name} lacks a required argument.`, score: 2 }
    : { reason: `There is no tool ${wrong.name}.`, score: 1 };
}

/** JSON values, one a line or a list. */
function jsonIn(text: string): Record<string, unknown>[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown> | Record<string, unknown>[]].flat();
    } catch {
      return [];
    }
  });
}

function callOf(written: Record<string, unknown>): Call {
  const inner = (written["function"] ?? written) as Record<string, unknown>;
  const given = inner["arguments"];
  const name = inner["name"];
  return { name: typeof name === "string" ? name : "", values: argumentsOf(given) };
}

function argumentsOf(given: unknown): Record<string, unknown> {
  if (typeof given === "string") return jsonIn(given.replaceAll("\n", " "))[0] ?? {};
  return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
}

function requiredOf(tool: Record<string, unknown>): string[] {
  const inner = (tool["function"] ?? tool) as { parameters?: { required?: string[] } };
  return inner.parameters?.required ?? [];
}

function isSame(call: Call, wanted: Call): boolean {
  return (
    call.name === wanted.name &&
    Object.entries(wanted.values).every(
      ([key, value]) => JSON.stringify(call.values[key]) === JSON.stringify(value),
    )
  );
}
