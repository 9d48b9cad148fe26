import type { CallContext } from "../ports/chat-model.ts";

/** Whether somebody waits for the call. */
export function isInteractive({
  purpose,
  interactive,
}: Pick<CallContext, "purpose" | "interactive">): boolean {
  return purpose === "chat" || purpose === "try" || interactive === true;
}
