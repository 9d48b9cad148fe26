import type { CallContext } from "./chat-model.ts";

export type HarmCategory = "Hate" | "SelfHarm" | "Sexual" | "Violence";

/** A service that judges texts for harm. Throws `ModelError`; failures that pass were retried before that. */
export interface ContentSafety {
  /** Names the service, so that what one judged is never taken for another's. */
  readonly name: string;
  /** From 0 (none) to 7. */
  severities(text: string, context: CallContext): Promise<Record<HarmCategory, number>>;
  /** Whether a user's prompt, and any of the documents, holds an attack on the assistant. */
  findAttacks(
    texts: { prompt: string; documents: readonly string[] },
    context: CallContext,
  ): Promise<{ prompt: boolean; documents: boolean }>;
  /** Whether the text repeats protected material; undefined where the service does not tell (region, length). */
  isProtected(text: string, context: CallContext): Promise<boolean | undefined>;
}
