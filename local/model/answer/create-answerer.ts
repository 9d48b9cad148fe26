import { judge } from "../judge/judge.ts";
import { readJudgeCall } from "../judge/read-judge-call.ts";
import { readInstructions } from "../prompt/read-instructions.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { textMessages } from "../protocol/chat-request.ts";
import type { ChatRequestBody } from "../protocol/chat-request.ts";
import type { SentenceEncoder } from "../text/create-sentence-encoder.ts";
import { answerQuestion } from "./answer-question.ts";
import { fillSchema } from "./fill-schema.ts";
import { styleAnswer } from "./style-answer.ts";

/** The stand-in's mind: what it says to a chat completion request. The same request always gets the same answer. */
export function createAnswerer(encoder: SentenceEncoder): (body: ChatRequestBody) => Promise<string> {
  return async (body) => {
    const messages = textMessages(body);
    const call = readJudgeCall(body, messages);
    if (call) return JSON.stringify(await judge(call, encoder));

    const prompt = readPrompt(messages);
    const behaviour = readInstructions(prompt.instructions);
    const plain = await answerQuestion(prompt, behaviour, encoder);
    const text = styleAnswer(plain, behaviour, prompt.customer);

    const answered = plain.kind === "answered";
    const schema = body.response_format?.json_schema?.schema;
    if (schema) return JSON.stringify(fillSchema(schema, text, answered));
    if (body.response_format?.type === "json_object") return JSON.stringify({ answer: text });
    return text;
  };
}
