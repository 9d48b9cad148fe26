import { z } from "zod";

/**
 * The part of OpenAI's chat completion request that Flowgate reads. `model` names the flow. How the flow answers
 * (its model, temperature, instructions) was evaluated as a whole, so a request cannot change it: such parameters,
 * and messages of the system role, are accepted and not used.
 */
const part = z.object({ type: z.string(), text: z.string().optional() }).loose();

export const chatRequestSchema = z
  .object({
    model: z.string().min(1),
    messages: z
      .array(
        z
          .object({
            role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
            content: z.union([z.string(), z.array(part), z.null()]).optional(),
          })
          .loose(),
      )
      .min(1),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().optional() }).loose().nullish(),
    n: z.literal(1).nullish(),
    /** Inputs of the flow beside the question, such as `customerId`. */
    metadata: z.record(z.string(), z.string()).nullish(),
    user: z.string().optional(),
  })
  .loose();

export type ChatRequestBody = z.infer<typeof chatRequestSchema>;

/** The text of a message, its parts joined. */
export function textOf(message: ChatRequestBody["messages"][number]): string {
  const { content } = message;
  if (typeof content === "string") return content;
  return (content ?? []).map((piece) => piece.text ?? "").join("");
}
