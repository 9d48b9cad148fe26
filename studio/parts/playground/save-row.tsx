import { useEffect, useRef, useState } from "preact/hooks";
import type { ProposedTurn } from "../../../shared/model/status.ts";
import type { VersionInputs } from "../../../shared/model/tried-turn.ts";
import { ApiError } from "../../data/api-error.ts";
import { flowApi, putJson } from "../../data/api.ts";
import { studioPath } from "../../data/location.ts";
import { ownName } from "../../data/own-name.ts";
import type { Said } from "../../data/playground/ask-version.ts";
import { rowFields } from "../../data/playground/asked-fields.ts";
import type { SideAnswer, Turn } from "../../data/playground/conversation.ts";
import { useMe } from "../../data/use-me.ts";

/** Proposes a turn as a row of the dataset, with what would have been right where one knows that. */
export function SaveRow({
  flow,
  turn,
  answer,
  history,
  names,
}: {
  flow: string;
  turn: Turn;
  answer: SideAnswer;
  history: readonly Said[];
  names: Pick<VersionInputs, "question" | "histories">;
}) {
  const me = useMe();
  const [expected, setExpected] = useState("");
  const [note, setNote] = useState("");
  const [state, setState] = useState<"open" | "sending" | "saved">("open");
  const [problem, setProblem] = useState<string>();
  const id = answer.name;
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (state === "saved") said.current?.focus();
  }, [state]);

  async function save(): Promise<void> {
    setState("sending");
    setProblem(undefined);
    const documents = answer.prepared?.documents ?? [];
    try {
      await putJson<ProposedTurn>(flowApi(flow, "review", answer.name), {
        version: answer.version,
        fields: rowFields(names, turn, history, expected.trim()),
        answer: answer.text,
        ...(documents.length > 0 && { context: documents.map(({ text }) => text).join("\n\n") }),
        ...(note.trim() !== "" && { note: note.trim() }),
        actor: me?.signedIn === false && ownName() !== "" ? ownName() : (me?.name ?? "studio"),
      });
      setState("saved");
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : "It could not be saved.");
      setState("open");
    }
  }

  if (state === "saved") {
    return (
      <p role="status" class="pass" tabIndex={-1} ref={said}>
        ✓ Proposed as a row: <a href={studioPath(["flows", flow, "review"])}>review</a> takes it into the
        dataset, or <code>flowgate review</code>.
      </p>
    );
  }
  return (
    <details class="save-row">
      <summary>Save as a dataset row</summary>
      <label for={`expected-${id}`}>
        What would have been right <span class="quiet small">ground_truth, where you know it</span>
      </label>
      <textarea
        id={`expected-${id}`}
        rows={2}
        value={expected}
        onInput={({ currentTarget }) => setExpected(currentTarget.value)}
      />
      <label for={`note-${id}`}>
        Why it is worth a row <span class="quiet small">for who reviews it</span>
      </label>
      <input id={`note-${id}`} value={note} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
      {problem !== undefined && (
        <p role="alert" class="note fail">
          {problem}
        </p>
      )}
      <button type="button" disabled={state === "sending"} onClick={() => void save()}>
        Propose it
      </button>
    </details>
  );
}
