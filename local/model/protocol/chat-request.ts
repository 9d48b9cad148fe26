import * as z from "zod";

const part = z.object({ type: z.string(), text: z.string().optional() }).loose();
const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
});

/** What the stand-in reads of a chat completion request; every other member is accepted and ignored. */
export const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z
        .object({ name: z.string().default("answer"), schema: z.record(z.string(), z.unknown()).optional() })
        .optional(),
    })
    .nullish(),
});

export type ChatRequestBody = z.infer<typeof chatRequestSchema>;

/** A message with its content flattened to text; pictures and the like are left out. */
export interface TextMessage {
  role: string;
  text: string;
}

export function textMessages(body: ChatRequestBody): TextMessage[] {
  return body.messages.map(({ role, content }) => ({
    role,
    text:
      typeof content === "string" ? content : (content ?? []).flatMap((part) => part.text ?? []).join("\n"),
  }));
}
