import { formatMetric } from "../../../shared/model/format-metric.ts";
import type { TriedTurnEvent } from "../../../shared/model/tried-turn.ts";
import { plainCharacters } from "../../../shared/report/plain-characters.ts";
import { countOf, countWords } from "../../data/number-words.ts";
import type { SideAnswer } from "../../data/playground/conversation.ts";

type Prepared = Extract<TriedTurnEvent, { type: "prepared" }>;
type End = Extract<TriedTurnEvent, { type: "end" }>;

/** What one version answered, what it was sent and found, and what that took. All of it is text, and nothing else. */
export function TriedAnswer({ answer }: { answer: SideAnswer }) {
  const { version, text, state, problem, prepared, end } = answer;
  return (
    <>
      <h2>
        <code class="version">{version}</code> <span class="quiet small">{STATES[state]}</span>
      </h2>
      <p class="answer" aria-busy={state === "asking"}>
        {plainCharacters(text)}
        {text === "" && state === "asking" && <span class="quiet">…</span>}
        {text === "" && state === "stopped" && <span class="quiet">Stopped before it began.</span>}
      </p>
      {problem !== undefined && <p class="note fail">{problem}</p>}
      {end?.blocked && (
        <p class="note open">The guardrail {end.blocked.guardrail} answered in the model’s place.</p>
      )}
      {end && <EndFacts end={end} />}
      {prepared && <Sent prepared={prepared} version={version} />}
    </>
  );
}

const STATES: Record<SideAnswer["state"], string> = {
  asking: "is answering",
  whole: "",
  stopped: "stopped",
  failed: "failed",
};

function EndFacts({ end: { usage, cost, durationMs, firstTokenMs, model, finishReason } }: { end: End }) {
  const facts: [name: string, value: string][] = [
    ["Took", formatMetric("latency", "p95", durationMs)],
    ["First token", formatMetric("latency", "p95", firstTokenMs ?? null)],
    [
      "Tokens",
      usage ? `${countWords(usage.inputTokens)} in, ${countWords(usage.outputTokens)} out` : "none counted",
    ],
    ["Cost", cost === undefined ? "price unknown" : formatMetric("cost", "mean", cost)],
    ["Model", model ?? "not asked"],
    ...(finishReason === "stop" ? [] : ([["Ended by", finishReason]] as [string, string][])),
  ];
  return (
    <dl class="facts small">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sent({ prepared: { messages, documents }, version }: { prepared: Prepared; version: string }) {
  return (
    <>
      <details>
        <summary>What the model was sent: {countOf(messages.length, "message")}</summary>
        <ol class="sent">
          {messages.map((message, index) => (
            <li key={index}>
              <strong>{message.role}</strong>
              <LongText label={`Message ${index + 1} to ${version}`} text={contentText(message.content)} />
            </li>
          ))}
        </ol>
      </details>
      {documents.length > 0 && (
        <details>
          <summary>What the steps found: {countOf(documents.length, "document")}</summary>
          <ol class="sent">
            {documents.map(({ id, title, step, text }) => (
              <li key={step + id}>
                <strong>{title}</strong>{" "}
                <span class="quiet small">{title === id ? step : `${id}, ${step}`}</span>
                <LongText label={`${title}, for ${version}`} text={text} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** Scrolls by itself where it is long, also by keyboard. */
function LongText({ label, text }: { label: string; text: string }) {
  return (
    <p class="text" tabIndex={0} role="group" aria-label={label}>
      {plainCharacters(text)}
    </p>
  );
}

/** A part that is no text is named, not shown. */
function contentText(content: Prepared["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");
}
