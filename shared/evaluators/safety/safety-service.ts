import type { CallContext } from "../../ports/chat-model.ts";
import type { ContentSafety, HarmCategory } from "../../ports/content-safety.ts";

/** What safety evaluators ask the content safety service, where one is set. */
export interface SafetyService {
  severities(text: string): Promise<Record<HarmCategory, number>>;
  findAttacks(texts: {
    prompt: string;
    documents: readonly string[];
  }): Promise<{ prompt: boolean; documents: boolean }>;
  isProtected(text: string): Promise<boolean | undefined>;
}

/** The service for one row: four evaluators that ask for the harm of one text are one call. */
export function bindSafetyService(service: ContentSafety, call: CallContext): SafetyService {
  const severities = new Map<string, Promise<Record<HarmCategory, number>>>();
  return {
    severities(text) {
      const known = severities.get(text) ?? service.severities(text, call);
      severities.set(text, known);
      return known;
    },
    findAttacks: (texts) => service.findAttacks(texts, call),
    isProtected: (text) => service.isProtected(text, call),
  };
}
