import { useEffect, useRef, useState } from "preact/hooks";
import type { ReleasePointer } from "../../shared/model/release.ts";
import type { FlowStatus, ReleaseRequest } from "../../shared/model/status.ts";
import { ApiError } from "../data/api-error.ts";
import { flowApi, postJson } from "../data/api.ts";
import { type ReleaseAction, releaseActions } from "../data/release-actions.ts";
import { useMayAct } from "../data/use-me.ts";
import { type Confirmation, ConfirmDialog } from "./confirm-dialog.tsx";

/** What was seen when a button was pressed: the decision is about that, whatever comes meanwhile. */
interface Asked {
  action: ReleaseAction;
  release: ReleasePointer;
  /** Sent again where nothing answered it is the same request, and done once. */
  key: string;
}

/** What may be done to a release now, by who may do it. Others see no button. */
export function ReleaseButtons({ status, onDone }: { status: FlowStatus; onDone: () => void }) {
  const isOperator = useMayAct("operator");
  const [asked, setAsked] = useState<Asked>();
  const [done, setDone] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  // The button that asked may be gone with the state it was for: who works by keyboard goes on where it is said.
  useEffect(() => {
    if (asked === undefined) said.current?.focus();
  }, [asked, done]);
  const { flow, release } = status;
  if (!isOperator || !release) return null;

  async function send({ action, release, key }: Asked, { reason, actor }: Confirmation): Promise<void> {
    const { verb, version } = action;
    const isOfRollout = verb !== "stop" && verb !== "serve" && verb !== "rollback";
    const request: ReleaseRequest = {
      generation: release.generation,
      rolloutId: isOfRollout ? release.rollout?.id : undefined,
      step: verb === "approve" || verb === "resume" ? release.canary?.step : undefined,
      version,
      reason,
      actor,
      key,
    };
    try {
      const after = await postJson<ReleasePointer>(flowApi(flow, verb), request);
      setDone(`Done: ${after.entry.reason}`);
    } catch (error) {
      if (error instanceof ApiError && !error.isAnswer) {
        throw new Error(
          `${error.message} Whether it was done is not known: send it again, it is done once.`,
          { cause: error },
        );
      }
      const isStale = error instanceof ApiError && error.status === 409;
      if (isStale) onDone();
      throw isStale
        ? new Error(`${error.message} Nothing was done. Close this and look at what it is now.`, {
            cause: error,
          })
        : error;
    }
    onDone();
  }

  return (
    <div class="actions">
      {releaseActions(status).map((action) => (
        <button
          key={action.label}
          type="button"
          class={action.verb === "approve" ? "primary" : action.isDangerous ? "danger" : ""}
          onClick={() => {
            setDone("");
            setAsked({ action, release, key: crypto.randomUUID() });
          }}
        >
          {action.label}
        </button>
      ))}
      <div role="status">
        {done !== "" && (
          <p class="said" tabIndex={-1} ref={said}>
            {done}
          </p>
        )}
      </div>
      {asked && (
        <ConfirmDialog
          title={`${asked.action.label}?`}
          action={asked.action.label}
          isDangerous={asked.action.isDangerous}
          onConfirm={(confirmation) => send(asked, confirmation)}
          onClose={() => setAsked(undefined)}
        >
          {asked.action.consequence}
        </ConfirmDialog>
      )}
    </div>
  );
}
