import { ModelError, PermanentError, RetryLaterError } from "../../shared/errors.ts";
import { ChatError } from "./chat-error.ts";

/**
 * What the log says of a refusal that is not the client's doing; undefined for all others. The words of services and of
 * the runtime may quote a conversation, which no log is to hold: of those it has the kind, and where it happened.
 */
export function refusalLine(refusal: ChatError): string | undefined {
  // Whoever switched a flow off knows: a line for each of its clients would tell nobody anything.
  if (refusal.status < 500 || refusal.code === "flow_stopped") return undefined;
  return `${refusal.code}: ${saidOf(refusal.cause ?? refusal)}`;
}

function saidOf(cause: unknown): string {
  if (cause instanceof ModelError) {
    return cause.status === undefined ? cause.kind : `${cause.kind} (HTTP ${cause.status})`;
  }
  const isOurs =
    cause instanceof ChatError || cause instanceof PermanentError || cause instanceof RetryLaterError;
  if (isOurs) return cause.message;
  if (!(cause instanceof Error)) return typeof cause;
  const code = "code" in cause && typeof cause.code === "string" ? ` ${cause.code}` : "";
  const frames = cause.stack?.split("\n").filter((line) => /^ {4}at /.test(line)) ?? [];
  return [`${cause.name}${code}`, ...frames].join("\n");
}
