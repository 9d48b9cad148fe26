import { useState } from "preact/hooks";
import type { RowProposal } from "../../shared/model/monitored-turn.ts";
import { questionOf } from "../../shared/model/question-of.ts";
import { plainCharacters } from "../../shared/report/plain-characters.ts";
import { proposalWords } from "../../shared/report/proposal-words.ts";
import { datasetRowOf } from "../../shared/report/proposed-dataset-row.ts";
import { addAcceptedRow } from "../data/accepted-rows.ts";
import { flowApi, postJson } from "../data/api.ts";
import { keepOwnName, ownName } from "../data/own-name.ts";
import { useMe } from "../data/use-me.ts";
import { Moment } from "./moment.tsx";

/** A turn that may be worth a row: what was asked and answered, why it is here, and what a person makes of it. */
export function Proposal({
  proposal,
  onDecided,
}: {
  proposal: RowProposal;
  onDecided: (said: string) => void;
}) {
  const { flow, turn, version, at, why, row } = proposal;
  const me = useMe();
  const [expected, setExpected] = useState("");
  const [name, setName] = useState(ownName);
  const [refusal, setRefusal] = useState<string>();
  const question = questionOf(row?.fields ?? {});
  const beside = Object.entries(row?.fields ?? {}).filter(
    ([, value]) => value !== question && value !== "" && value !== null && !isEmptyList(value),
  );

  async function decide(decision: "accepted" | "dropped"): Promise<void> {
    const actor = me?.signedIn === false ? name.trim() : (me?.name ?? "");
    if (actor === "") return setRefusal("Say who you are: the name stands with the decision.");
    try {
      // Made first: once it is decided the platform keeps nothing of the turn.
      const line = JSON.stringify(
        datasetRowOf(proposal, expected.trim() === "" ? undefined : expected.trim()),
      );
      await postJson(flowApi(flow, "review", turn), { decision, actor });
      if (me?.signedIn === false) keepOwnName(actor);
      if (decision === "accepted") addAcceptedRow({ flow, id: turn, line });
      const turnWords = question === undefined ? "The turn" : `“${plainCharacters(question)}”`;
      onDecided(`${turnWords} ${decision === "accepted" ? "was accepted as a row" : "was dropped"}.`);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : "It could not be decided.");
    }
  }

  return (
    <article class="flip" aria-label={question ?? turn}>
      <h3 class="flip-title">{question === undefined ? "No question" : plainCharacters(question)}</h3>
      <p class="quiet small">
        <Moment at={at} />, answered by <code>{version}</code>
      </p>
      <ul class="flip-scores">
        {why.map((reason, index) => (
          <li key={index} class="open">
            {plainCharacters(proposalWords(reason))}
          </li>
        ))}
      </ul>
      <h4>Answer</h4>
      <p class="text">{plainCharacters(row?.answer ?? "(not kept)")}</p>
      {beside.map(([field, value]) => (
        <section key={field}>
          <h4>{field}</h4>
          <p class="text">{typeof value === "string" ? plainCharacters(value) : JSON.stringify(value)}</p>
        </section>
      ))}
      {row?.context !== undefined && row.context !== "" && (
        <details>
          <summary>What it was answered from</summary>
          <p class="text context" tabIndex={0} role="region" aria-label="Context">
            {plainCharacters(row.context)}
          </p>
        </details>
      )}
      <div class="field">
        <label for={`expected-${turn}`}>Expected answer, where an evaluator compares with one</label>
        <textarea
          id={`expected-${turn}`}
          value={expected}
          onInput={({ currentTarget: { value } }) => setExpected(value)}
        />
      </div>
      {me?.signedIn === false && (
        <div class="field">
          <label for={`name-${turn}`}>Your name</label>
          <input
            id={`name-${turn}`}
            autocomplete="name"
            value={name}
            onInput={({ currentTarget: { value } }) => setName(value)}
          />
        </div>
      )}
      <div role="alert">{refusal !== undefined && <p class="note fail">{refusal}</p>}</div>
      <div class="actions">
        <button type="button" class="primary" onClick={() => void decide("accepted")}>
          Accept as a row
        </button>
        <button type="button" onClick={() => void decide("dropped")}>
          Drop
        </button>
      </div>
    </article>
  );
}

/** As the history of a conversation is before its second turn. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
