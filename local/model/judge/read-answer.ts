import { splitSentences } from "../text/split-sentences.ts";

const REFUSES =
  /\b(?:don't|do not|doesn't|does not|cannot|can't|couldn't|unable to) (?:have|know|hold|say|tell|find|see|share|help|answer|discuss|give)\b|\b(?:can|am able to) only help\b|\bno information\b|\bnot able to\b|\boutside (?:of )?what\b/i;
const COURTEOUS =
  /^(?:hello|hi|hey|thanks|thank you|you're welcome|sure|of course|great question|i hope|feel free|please (?:let|feel)|let me know|is there anything|would you like|can i help|how can i|if you (?:need|have))\b|\?$/i;

/** An answer taken apart: what it claims, and whether it owns up to not answering. */
export interface AnswerRead {
  sentences: string[];
  /** Sentences that state something about the world, without greeting or a yes or no ahead. */
  claims: string[];
  /** Says that it does not know or may not tell, and claims nothing besides. */
  refuses: boolean;
}

export function readAnswer(answer: string): AnswerRead {
  const sentences = splitSentences(answer);
  const bare = sentences.map((sentence) =>
    sentence
      .replace(/^(?:(?:hi|hello|hey|dear)\b[^,!]{0,40}[,!]\s*)/i, "")
      .replace(/^(?:yes|no|not yet|sure|certainly)[,!.:]\s*/i, "")
      .replaceAll(/\s*\[[^\]]{1,40}\]/g, "")
      .trim(),
  );
  const refusing = bare.filter((sentence) => REFUSES.test(sentence));
  const claims = bare.filter(
    (sentence) => sentence !== "" && !REFUSES.test(sentence) && !COURTEOUS.test(sentence),
  );
  return { sentences, claims, refuses: refusing.length > 0 && claims.length === 0 };
}
