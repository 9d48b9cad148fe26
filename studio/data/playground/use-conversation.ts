import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api-error.ts";
import { askVersion } from "./ask-version.ts";
import { heard, historyOf, newAnswer, type SideAnswer, type Turn } from "./conversation.ts";

export interface Conversation {
  turns: readonly Turn[];
  isAsking: boolean;
  /** Asks every version the same, each with what it said itself before. */
  ask(question: string, inputs: Readonly<Record<string, string>>, versions: readonly string[]): void;
  /** What has come stays. */
  stop(): void;
  /** Begins anew. */
  clear(): void;
}

/** A conversation with one version or two of a flow, kept for as long as the page is open. */
export function useConversation(flow: string): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const asking = useRef<AbortController>(undefined);
  useEffect(() => () => asking.current?.abort(), []);

  function change(id: number, side: number, next: (answer: SideAnswer) => SideAnswer): void {
    setTurns((before) =>
      before.map((turn) =>
        turn.id === id
          ? {
              ...turn,
              answers: turn.answers.map((answer, index) => (index === side ? next(answer) : answer)),
            }
          : turn,
      ),
    );
  }

  async function askSide(turn: Turn, side: number, signal: AbortSignal): Promise<void> {
    const version = turn.answers[side]?.version ?? "";
    const messages = [...historyOf(turns, side), { role: "user", content: turn.question } as const];
    try {
      await askVersion({ flow, version, messages, inputs: turn.inputs }, signal, (event) =>
        change(turn.id, side, (answer) => heard(answer, event)),
      );
      change(turn.id, side, (answer) => (answer.state === "asking" ? cutOff(answer) : answer));
    } catch (error) {
      const problem = error instanceof ApiError ? error.message : "The answer broke off.";
      change(turn.id, side, (answer) =>
        signal.aborted ? { ...answer, state: "stopped" } : { ...answer, state: "failed", problem },
      );
    }
  }

  return {
    turns,
    isAsking: turns.some(({ answers }) => answers.some(({ state }) => state === "asking")),
    ask(question, inputs, versions) {
      const now = new Date();
      const answers = versions.map((version) => newAnswer(version, now));
      const turn = { id: (turns.at(-1)?.id ?? 0) + 1, question, inputs, answers };
      const stopping = new AbortController();
      asking.current = stopping;
      setTurns([...turns, turn]);
      for (const side of versions.keys()) void askSide(turn, side, stopping.signal);
    },
    stop: () => asking.current?.abort(),
    clear() {
      asking.current?.abort();
      setTurns([]);
    },
  };
}

function cutOff(answer: SideAnswer): SideAnswer {
  return { ...answer, state: "failed", problem: "The answer broke off." };
}
