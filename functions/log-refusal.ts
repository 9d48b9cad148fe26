import type { InvocationContext } from "@azure/functions";
import type { ChatError } from "../pipelines/chat/chat-error.ts";
import { messageOf } from "../shared/errors.ts";

/** Logs what a client was refused for, where that is not the client's doing; with where it happened if nobody expected it. */
export function logRefusal(context: InvocationContext, name: string, refusal: ChatError): void {
  if (refusal.status < 500) return;
  const { code, cause = refusal } = refusal;
  const where = code === "internal_error" && cause instanceof Error ? cause.stack : undefined;
  context.error(`${name}: ${code}: ${where ?? messageOf(cause)}`);
}
