import { useEffect, useRef, useState } from "preact/hooks";
import type { AskedInput } from "../../../shared/model/tried-turn.ts";
import { setQuery, usePlace } from "../../data/location.ts";
import { firstValue, queryName } from "../../data/playground/asked-fields.ts";
import { InputField } from "./input-field.tsx";

/** The question and what the flow takes beside it. What was asked stands in the address, so that it can be shared. */
export function AskForm({
  fields,
  isAsking,
  hasTurns,
  onAsk,
  onStop,
  onClear,
}: {
  fields: readonly AskedInput[];
  isAsking: boolean;
  hasTurns: boolean;
  onAsk(question: string, inputs: Record<string, string>): void;
  onStop(): void;
  onClear(): void;
}) {
  const { query } = usePlace();
  const [question, setQuestion] = useState(query.get("question") ?? "");
  const [written, setWritten] = useState<Record<string, string>>({});
  const area = useRef<HTMLTextAreaElement>(null);
  const valueOf = (field: AskedInput): string => written[field.name] ?? firstValue(field, query);

  useEffect(() => {
    if (!isAsking && hasTurns) area.current?.focus();
  }, [isAsking]);

  function ask(): void {
    const asked = question.trim();
    if (asked === "" || isAsking) return;
    const given = fields.map((field): [string, string] => [field.name, valueOf(field).trim()]);
    setQuery({
      question: asked,
      ...Object.fromEntries(given.map(([name, value]) => [queryName(name), value])),
    });
    onAsk(asked, Object.fromEntries(given.filter(([, value]) => value !== "")));
    setQuestion("");
  }

  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      {fields.length > 0 && (
        <fieldset class="inputs">
          <legend class="visually-hidden">Inputs of the flow</legend>
          {fields.map((field) => (
            <InputField
              key={field.name}
              field={field}
              value={valueOf(field)}
              onChange={(value) => setWritten((before) => ({ ...before, [field.name]: value }))}
            />
          ))}
        </fieldset>
      )}
      <label for="question">Question</label>
      <textarea
        id="question"
        ref={area}
        rows={2}
        value={question}
        aria-describedby="question-keys"
        onInput={({ currentTarget }) => setQuestion(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          ask();
        }}
      />
      <div class="ask-buttons">
        {isAsking ? (
          <button type="button" class="danger" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary" disabled={question.trim() === ""}>
            Ask
          </button>
        )}
        {hasTurns && (
          <button type="button" onClick={onClear}>
            New conversation
          </button>
        )}
        <span id="question-keys" class="quiet small">
          Enter asks, Shift and Enter begins a line. It is paid from the flow’s chat budget, and is nobody’s
          traffic.
        </span>
      </div>
    </form>
  );
}
