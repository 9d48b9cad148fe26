import { splitBlocks } from "../text/blocks.ts";
import { coverage, terms } from "../text/words.ts";
import type { Judgement } from "./judgement.ts";
import type { JudgeCall } from "./read-judge-call.ts";

const HELPS = 0.5;

/** Retrieval: whether a passage holds the question's words, and whether one that does stands first. */
export function judgeRetrieval({ question, context }: JudgeCall): Judgement {
  const asked = terms(question);
  const shares = splitBlocks(context).map(({ title, facts }) =>
    coverage(asked, terms(`${title}\n${facts.join("\n")}`)),
  );
  if (shares.length === 0) return { reason: "Nothing was found.", score: 1 };
  const best = Math.max(...shares);
  const words = `${Math.round(best * 100)} % of the question's words`;
  if (best < HELPS) return { reason: `No passage has more than ${words}.`, score: 1 + 3 * best };
  const first = shares.findIndex((share) => share >= HELPS);
  return first <= 1
    ? { reason: `A passage at the top has ${words}.`, score: 5 }
    : { reason: `The first passage that helps is number ${first + 1}; the best has ${words}.`, score: 4 };
}
