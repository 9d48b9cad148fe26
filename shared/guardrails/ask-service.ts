import { HARMS, type Guardrail, type Harm } from "../model/guardrails.ts";
import { isInteractive } from "../model/is-interactive.ts";
import type { CallContext } from "../ports/chat-model.ts";
import type { ContentSafety, HarmCategory } from "../ports/content-safety.ts";

/** Somebody waits: a service that takes longer counts as one that cannot be reached. */
const LONGEST_WAIT_MS = 3_000;

const CATEGORIES: Record<Harm, HarmCategory> = {
  hate: "Hate",
  self_harm: "SelfHarm",
  sexual: "Sexual",
  violence: "Violence",
};

/** The first harm of a text that reaches its severity. Throws as the service does. */
export async function findHarm(
  { severities }: Extract<Guardrail, { kind: "harm" }>,
  text: string,
  service: ContentSafety,
  call: CallContext,
): Promise<Harm | undefined> {
  const found = await service.severities(text, patient(call));
  return HARMS.find((harm) => found[CATEGORIES[harm]] >= severities[harm]);
}

/** Whether Prompt Shields finds an attack in what the client said, or in one of the documents. */
export async function findShielded(
  texts: { prompt: string; documents: readonly string[] },
  service: ContentSafety,
  call: CallContext,
): Promise<boolean> {
  const { prompt, documents } = await service.findAttacks(texts, patient(call));
  return prompt || documents;
}

function patient(call: CallContext): CallContext {
  if (!isInteractive(call)) return call;
  const longest = AbortSignal.timeout(LONGEST_WAIT_MS);
  return { ...call, signal: call.signal ? AbortSignal.any([call.signal, longest]) : longest };
}
