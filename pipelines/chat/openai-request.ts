import * as z from "zod";
import type { SpokenTurn } from "../../shared/flow/chat-inputs.ts";
import { once } from "../../shared/once.ts";
import { ChatError } from "./chat-error.ts";
import type { TurnRequest } from "./chat-protocol.ts";
import { requestRefusal } from "./request-refusal.ts";

/**
 * The part of OpenAI's chat completion request that Flowgate reads. `model` names the flow. How the flow answers
 * (its model, temperature, instructions) was evaluated as a whole, so a request cannot change it: such parameters,
 * and messages of the system role, are accepted and not used.
 */
const requestSchema = once(() =>
  z
    .object({
      model: z.string().min(1),
      messages: z
        .array(
          z
            .object({
              role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
              content: z
                .union([
                  z.string(),
                  z.array(z.object({ type: z.string(), text: z.string().optional() }).loose()),
                  z.null(),
                ])
                .optional(),
              tool_calls: z.array(z.object({}).loose()).nullish(),
              tool_call_id: z.string().nullish(),
              name: z.string().nullish(),
            })
            .loose(),
        )
        .min(1),
      stream: z.boolean().nullish(),
      stream_options: z.object({ include_usage: z.boolean().nullish() }).loose().nullish(),
      n: z.literal(1).nullish(),
      tools: z
        .array(z.object({ function: z.object({ name: z.string() }).loose().optional() }).loose())
        .nullish(),
      tool_choice: z.union([z.enum(["none", "auto", "required"]), z.object({}).loose()]).nullish(),
      parallel_tool_calls: z.boolean().nullish(),
      /** Inputs of the flow beside the question, such as `customerId`. */
      metadata: z.record(z.string(), z.string()).nullish(),
      user: z.string().nullish(),
    })
    .loose(),
);

type RequestBody = z.infer<ReturnType<typeof requestSchema>>;

/** Reads a request. Throws `ChatError` that names the parameter. */
export function readOpenaiRequest(body: unknown): TurnRequest {
  const parsed = requestSchema().safeParse(body);
  if (!parsed.success) throw requestRefusal(parsed.error, body);
  const request = parsed.data;
  return {
    flow: request.model,
    messages: request.messages.map(spoken),
    inputs: request.metadata ?? {},
    inputsField: "metadata",
    session: request.user ?? undefined,
    sessionField: "user",
    streamed: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    tools: {
      names: request.tools?.flatMap((tool) => tool.function?.name ?? []),
      choice: request.tool_choice ?? undefined,
      parallel: request.parallel_tool_calls ?? undefined,
    },
  };
}

function spoken(message: RequestBody["messages"][number], index: number): SpokenTurn {
  const { role, content, tool_calls: calls, tool_call_id: id, name } = message;
  const text = typeof content === "string" ? content : textOf(role, content ?? [], index);
  return {
    role,
    text,
    tool_calls: calls ?? undefined,
    tool_call_id: id ?? undefined,
    name: name ?? undefined,
  };
}

/** As OpenAI's two protocols name parts of text. */
const TEXT_TYPES = new Set(["text", "input_text", "output_text"]);

/** An answer that knew nothing of an image that it was asked about would look like one that did. */
function textOf(
  role: string,
  parts: readonly { type: string; text?: string | undefined }[],
  index: number,
): string {
  if (parts.length === 0 && role === "user") {
    throw refusal(index, "invalid_request", "missing. A message of the role user holds a text.");
  }
  const unread = parts.find(
    ({ type, text }) => type !== "refusal" && (text === undefined || !TEXT_TYPES.has(type)),
  );
  if (unread === undefined) return parts.map(({ text = "" }) => text).join("");
  const type = unread.type.slice(0, 64);
  if (TEXT_TYPES.has(type))
    throw refusal(index, "invalid_request", `a part of the type "${type}" has no text.`);
  const message =
    `parts of the type "${type}" are not read, only text is. ` +
    "An image that the flow's prompt shows is one of its inputs: send it in metadata.";
  throw refusal(index, "unsupported_content", message);
}

function refusal(index: number, code: string, message: string): ChatError {
  const param = `messages.${index}.content`;
  return new ChatError(400, "invalid_request_error", code, `${param}: ${message}`, param);
}
