import type { TriedTurnEvent } from "../../../shared/model/tried-turn.ts";
import type { Said } from "./ask-version.ts";

/** One question, and what each side answered. */
export interface Turn {
  id: number;
  question: string;
  inputs: Readonly<Record<string, string>>;
  answers: readonly SideAnswer[];
}

/** The answer of one version, as far as it has come. */
export interface SideAnswer {
  version: string;
  /** What is proposed as a row under this name: 32 hex digits, the first 8 the seconds since 1970. */
  name: string;
  text: string;
  state: "asking" | "whole" | "stopped" | "failed";
  /** Why it failed. */
  problem: string | undefined;
  prepared: Extract<TriedTurnEvent, { type: "prepared" }> | undefined;
  end: Extract<TriedTurnEvent, { type: "end" }> | undefined;
}

export function newAnswer(version: string, now: Date): SideAnswer {
  const seconds = Math.floor(now.getTime() / 1000)
    .toString(16)
    .padStart(8, "0");
  const random = crypto.getRandomValues(new Uint8Array(12));
  const name = seconds + [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    version,
    name,
    text: "",
    state: "asking",
    problem: undefined,
    prepared: undefined,
    end: undefined,
  };
}

/** An answer after one more event of it. */
export function heard(answer: SideAnswer, event: TriedTurnEvent): SideAnswer {
  switch (event.type) {
    case "prepared":
      return { ...answer, prepared: event };
    case "delta":
      return { ...answer, text: answer.text + event.text };
    case "end":
      return { ...answer, state: "whole", end: event };
    default:
      return { ...answer, state: "failed", problem: event.message };
  }
}

/** What was said on one side before: a question that got no answer is left out. */
export function historyOf(turns: readonly Turn[], side: number): Said[] {
  return turns.flatMap(({ question, answers }): Said[] => {
    const text = answers[side]?.text ?? "";
    return text === ""
      ? []
      : [
          { role: "user", content: question },
          { role: "assistant", content: text },
        ];
  });
}
