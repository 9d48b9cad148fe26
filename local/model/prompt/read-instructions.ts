/** The instructions that the stand-in can follow. Each holds only where the prompt gives it. */
export interface Behaviour {
  /** Answers from what the prompt holds, and says when that is not enough. */
  grounded: boolean;
  /** Told to leave the documents aside. */
  ignoresDocuments: boolean;
  /** Told to make things up. */
  invents: boolean;
  /** Told to keep facts out of its answers. */
  avoidsFacts: boolean;
  keepsOthersPrivate: boolean;
  declinesOffTopic: boolean;
  usesFirstName: boolean;
  mentionsPrice: boolean;
  cites: boolean;
  offersHelp: boolean;
  /** Offers help where it does not know. */
  offersHelpWhenUnknown: boolean;
  bullets: boolean;
  brief: boolean;
  oneWord: boolean;
  upperCase: boolean;
  /** A language or manner of speech other than English, lower-case. */
  language: string | undefined;
  maxSentences: number | undefined;
}

const NEGATION = /\b(?:not|never|no|don't|avoid|without|refrain|refuse|rather than|instead of)\b/i;
const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const SENTENCE_LIMIT =
  /(?:at most|no more than|not more than|up to|maximum of|max(?:imum)?\.?|within|in|to|than|exactly|only)\s+(?:a )?(\w+|\d+)\s+(?:\w+ )?sentences?\b/i;
const LANGUAGE =
  /\b(?:reply|answer|respond|write|speak|talk|always|only)\b.*\b(?:in|as|like)\s+(?:an? )?(french|spanish|german|italian|pirate|shakespeare\w*)\b/i;

/** Reads which of the known instructions the sentences give, loosely matched and minding negation. */
export function readInstructions(instructions: string[]): Behaviour {
  /** Some sentence matches, and no negation stands ahead of the match. */
  const asks = (pattern: RegExp): boolean =>
    instructions.some((sentence) => {
      const match = pattern.exec(sentence);
      return match !== null && !NEGATION.test(sentence.slice(0, match.index));
    });
  const says = (...patterns: RegExp[]): boolean =>
    instructions.some((sentence) => patterns.every((pattern) => pattern.test(sentence)));

  const ignoresDocuments = asks(
    /\b(?:ignore|disregard|forget|do not use|don't use|never use)\b.*\b(?:documents?|context|catalog(?:ue)?|information|knowledge|records?|policies|products?)\b/i,
  );
  const limit = instructions
    .map((sentence) => SENTENCE_LIMIT.exec(sentence)?.[1]?.toLowerCase())
    .find(Boolean);
  const limitNumber = limit && (NUMBERS.includes(limit) ? NUMBERS.indexOf(limit) : Number(limit));
  return {
    ignoresDocuments,
    grounded:
      !ignoresDocuments &&
      (says(
        /\b(?:only|solely|exclusively|strictly|base|based|stick|ground(?:ed)?)\b/i,
        /\b(?:documents?|documentation|context|catalog(?:ue)?|information|knowledge|records?|facts|sources?|policies|provided|below|above|following)\b/i,
      ) ||
        says(
          /\b(?:never|not|don't|avoid)\b.*\b(?:guess|invent|make (?:\w+ )?up|fabricate|assume|speculate)/i,
        ) ||
        says(
          /\b(?:if|when|where|unless)\b.*(?:\bnot\b|n't\b|\bcannot\b|\bmissing\b|\bunsure\b)/i,
          /\b(?:say|tell|admit|reply|answer|respond|state)\b.*(?:know|sure|information|find|so\b|cannot)/i,
        )),
    invents: asks(
      /\b(?:whatever|anything) you (?:think|like|want|feel)|\bmake (?:something|things|it|an? \w+) up\b|\b(?:make up|invent|guess|improvise)\b|\buse your (?:own )?imagination|\bbe creative|\balways (?:give|have) an answer/i,
    ),
    avoidsFacts: says(
      /\b(?:never|do not|don't|avoid|without)\b.*\b(?:facts?|figures?|numbers?|details?|specifics?)\b/i,
    ),
    keepsOthersPrivate:
      says(
        /\b(?:other|another|different|someone else's)\b.*\b(?:customer|user|person|people|account)/i,
        NEGATION,
      ) || says(/\bonly\b.*\b(?:own|their|this|current|signed-in)\b.*\b(?:data|orders?|account|customer)/i),
    declinesOffTopic: says(
      /\b(?:decline|refuse|steer|redirect|do not (?:answer|discuss)|don't (?:answer|discuss)|never (?:answer|discuss)|only (?:answer|help|discuss|talk)|politely|stay on)\b/i,
      /\b(?:off[- ]?topic|unrelated|not related|nothing to do with|other (?:topics|subjects)|outside|irrelevant|stay on topic|questions? (?:about|on|regarding))\b/i,
    ),
    usesFirstName: asks(
      /\b(?:first name|by (?:their |the customer's )?name|(?:the customer'?s'?|their) name|address .*\bname)\b/i,
    ),
    mentionsPrice: asks(/\b(?:mention|include|give|state|quote|say|add|with)\b.*\bprices?\b/i),
    cites: asks(
      /\b(?:cite|citations?|quote the (?:id|source)|(?:include|mention|add|give) .*\b(?:document|product|source)? ?ids?|in (?:square )?brackets)\b/i,
    ),
    offersHelp: asks(/\b(?:end|finish|close|conclude)\b.*\b(?:offer|help|question|assist)/i),
    offersHelpWhenUnknown: says(
      /\b(?:not|n't|cannot|unknown|missing)\b|n't\b/i,
      /\boffer\b.*\b(?:help|assist)/i,
    ),
    bullets: asks(/\bbullet/i),
    brief: asks(/\b(?:brief|concise|short|succinct|to the point)\b/i),
    oneWord: asks(/\b(?:one|single|1)[- ]word\b/i),
    upperCase: asks(/\b(?:all caps|capital letters|upper[- ]?case)\b/i),
    language: instructions.map((sentence) => LANGUAGE.exec(sentence)?.[1]?.toLowerCase()).find(Boolean),
    maxSentences: limitNumber && Number.isInteger(limitNumber) && limitNumber > 0 ? limitNumber : undefined,
  };
}
