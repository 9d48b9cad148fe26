import type { ChatRequestBody, TextMessage } from "../protocol/chat-request.ts";

/** A request to grade an answer. Sections that the prompt leaves out are empty. */
export interface JudgeCall {
  /** Lower-case: groundedness, relevance, ... */
  evaluator: string;
  /** The lowest and the highest score that may be given. */
  scale: { min: number; max: number };
  question: string;
  history: string;
  context: string;
  answer: string;
  groundTruth: string;
  instructions: string;
  toolDefinitions: string;
  toolCalls: string;
  expectedToolCalls: string;
  /** What patterns found. */
  found: string;
  answerA: string;
  answerB: string;
  /** All of what is to be judged, where there are no sections. */
  text: string;
}

const EVALUATORS = ["groundedness", "relevance", "coherence", "fluency", "similarity"];
const OPENING = /^<(?:answer|answer_a|context|tool_calls)>$/m;

/**
 * Reads a request as a judge's, or undefined where it is none. It is one where it asks for JSON with a `score` and a
 * `reason`, or its text speaks of a score and a user message has an `<answer>` section. The evaluator is the JSON
 * schema's name, else the first known evaluator that the text names.
 */
export function readJudgeCall(body: ChatRequestBody, messages: TextMessage[]): JudgeCall | undefined {
  // A judge that is asked again says so in a later message.
  const isGraded = ({ role, text }: TextMessage): boolean => role === "user" && OPENING.test(text);
  const graded = messages.findLast(isGraded)?.text;
  const schema = body.response_format?.json_schema;
  const properties = (schema?.schema?.["properties"] ?? {}) as Record<string, unknown>;
  const asksScore = "score" in properties;
  const text = messages
    .map((message) => message.text)
    .join("\n")
    .toLowerCase();
  const user = graded ?? "";
  const speaksOfScore = /\bscore\b/.test(text) && section(user, "answer") !== undefined;
  if (!(speaksOfScore || (asksScore && (graded !== undefined || "reason" in properties)))) return undefined;
  const part = (name: string): string => section(user, name) ?? "";
  return {
    evaluator: schema?.name.toLowerCase() ?? EVALUATORS.find((name) => text.includes(name)) ?? "",
    scale: scaleOf(properties["score"]),
    question: part("question"),
    history: part("history"),
    context: part("context"),
    answer: part("answer"),
    groundTruth: part("ground_truth"),
    instructions: part("instructions"),
    toolDefinitions: part("tool_definitions"),
    toolCalls: part("tool_calls"),
    expectedToolCalls: part("expected_tool_calls"),
    found: part("found"),
    answerA: part("answer_a"),
    answerB: part("answer_b"),
    text: graded === undefined ? (messages.findLast(({ role }) => role === "user")?.text ?? "") : "",
  };
}

/** Of a schema that lists its scores, or says its range in words. */
function scaleOf(score: unknown): JudgeCall["scale"] {
  const { enum: listed, description } = (score ?? {}) as { enum?: unknown; description?: unknown };
  const range = /From (-?[\d.]+) to (-?[\d.]+)/.exec(String(description));
  const numbers = Array.isArray(listed) ? listed.map(Number) : (range?.slice(1).map(Number) ?? []);
  return numbers.length === 0 ? { min: 1, max: 5 } : { min: Math.min(...numbers), max: Math.max(...numbers) };
}

function section(text: string, name: string): string | undefined {
  return new RegExp(String.raw`<${name}>\s*\n?([\s\S]*?)\n?\s*</${name}>`).exec(text)?.[1];
}
