import type { ReleasePointer } from "../../shared/model/release.ts";
import { decideCommand } from "./decide-command.ts";
import { decideTick } from "./decide-tick.ts";
import { decideVerdict } from "./decide-verdict.ts";
import type { ReleaseDecision, ReleaseEvent } from "./release-event.ts";

/**
 * The release machine: pure, so that the caller can take a decision again after a lost race. `now` is ISO 8601, by the
 * storage service's clock.
 */
export function decideRelease(
  pointer: ReleasePointer | undefined,
  event: ReleaseEvent,
  now: string,
): ReleaseDecision {
  if (event.kind === "verdict") return decideVerdict(pointer, event, now);
  if (event.kind === "command") return decideCommand(pointer, event, now);
  return decideTick(pointer, event, now);
}
