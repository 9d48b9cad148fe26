import type { ProposalReason } from "../model/monitored-turn.ts";

/** Why a turn is proposed as a row, as a clause. */
export function proposalWords(reason: ProposalReason): string {
  if (reason.kind === "thumbs_down") {
    return reason.comment === undefined
      ? "a user disliked the answer"
      : `a user disliked the answer: ${reason.comment}`;
  }
  if (reason.kind === "person") {
    return reason.note === undefined
      ? `${reason.by} proposes it`
      : `${reason.by} proposes it: ${reason.note}`;
  }
  const said = reason.reason === undefined ? "" : `: ${reason.reason}`;
  return `${reason.metric} ${reason.value}${said}`;
}
