import type { ChatRequestBody, TextMessage } from "../protocol/chat-request.ts";

/** A request to grade an answer. Sections that the prompt leaves out are empty. */
export interface JudgeCall {
  /** Lower-case: groundedness, relevance, ... */
  evaluator: string;
  question: string;
  context: string;
  answer: string;
  groundTruth: string;
}

const EVALUATORS = ["groundedness", "relevance", "coherence", "fluency", "similarity"];

/**
 * Reads a request as a judge's, or undefined where it is none. It is one where it asks for JSON with a `score`, or
 * its text speaks of a score, and a user message has an `<answer>` section. The evaluator is the JSON schema's
 * name, else the first known evaluator that the text names.
 */
export function readJudgeCall(body: ChatRequestBody, messages: TextMessage[]): JudgeCall | undefined {
  // A judge that is asked again says so in a later message.
  const graded = ({ role, text }: TextMessage): boolean =>
    role === "user" && section(text, "answer") !== undefined;
  const user = messages.findLast(graded)?.text ?? "";
  const answer = section(user, "answer");
  const schema = body.response_format?.json_schema;
  const properties = schema?.schema?.["properties"];
  const asksScore = typeof properties === "object" && properties !== null && "score" in properties;
  const text = messages
    .map((message) => message.text)
    .join("\n")
    .toLowerCase();
  if (answer === undefined || !(asksScore || /\bscore\b/.test(text))) return undefined;
  const named = schema?.name.toLowerCase();
  return {
    evaluator:
      EVALUATORS.find((name) => named?.includes(name)) ??
      EVALUATORS.find((name) => text.includes(name)) ??
      "",
    question: section(user, "question") ?? "",
    context: section(user, "context") ?? "",
    answer,
    groundTruth: section(user, "ground_truth") ?? "",
  };
}

function section(text: string, name: string): string | undefined {
  return new RegExp(String.raw`<${name}>\s*\n?([\s\S]*?)\n?\s*</${name}>`).exec(text)?.[1];
}
