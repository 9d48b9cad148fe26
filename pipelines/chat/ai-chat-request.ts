import * as z from "zod";
import { once } from "../../shared/once.ts";
import type { TurnRequest } from "./chat-protocol.ts";
import { requestRefusal } from "./request-refusal.ts";

export const aiChatRequestSchema = once(() =>
  z
    .object({
      messages: z
        .array(
          z
            .object({
              role: z.enum(["system", "user", "assistant"]),
              content: z.string(),
              files: z.array(z.unknown()).max(0, "files are not read by this endpoint").nullish(),
            })
            .loose(),
        )
        .min(1),
      /**
       * Inputs of the flow beside the question, such as `customerId`. They are texts; a number or a boolean is taken for
       * its text, as JSON makes them easy to write.
       */
      context: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
        .nullish(),
      /** What the last answer gave; a text is taken for the session's name. */
      sessionState: z.union([z.object({ session: z.string() }).loose(), z.string()]).nullish(),
    })
    .loose(),
);

/** Reads a request of Microsoft's AI Chat Protocol. Throws `ChatError` that names the field. */
export function readAiChatRequest(
  body: unknown,
  { flow, streamed }: { flow: string | undefined; streamed: boolean },
): TurnRequest {
  const parsed = aiChatRequestSchema().safeParse(body);
  if (!parsed.success) throw requestRefusal(parsed.error, body);
  const { messages, context, sessionState } = parsed.data;
  return {
    flow: flow ?? "",
    messages: messages.map(({ role, content }) => ({ role, text: content })),
    inputs: context ?? {},
    inputsField: "context",
    session: typeof sessionState === "string" ? sessionState : sessionState?.session,
    sessionField: "sessionState",
    streamed,
  };
}
