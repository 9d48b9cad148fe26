/** What questions ask about, and how a sentence looks that tells it. */
export interface Aspect {
  name: string;
  asked: RegExp;
  told: RegExp;
}

/** More special ones first: "how much weight can it carry" is about load, not about weight. */
const ASPECTS: Aspect[] = [
  {
    name: "load",
    asked: /how much weight can|\bcarry|\bload\b|maximum weight/i,
    told: /\bcarr(?:y|ies)\b|\bloads?\b|\bsupports?\b/i,
  },
  {
    name: "weight",
    asked: /\bweigh|\bheavy|\bheavier|\blighter|\blightest|how light/i,
    told: /\bweigh|\b\d+(?:\.\d+)?\s?(?:kg|g|lbs?|oz)\b/i,
  },
  {
    name: "price",
    asked:
      /\bcosts?\b|\bprices?\b|\bexpensive|\bcheap|how much (?:is|are|for|do i have to spend)\b|\bamount\b/i,
    told: /[$€£]\s?\d|\bprice|\bfree\b|\bcosts?\b/i,
  },
  { name: "warranty", asked: /\bwarrant|\bguarantee/i, told: /\bwarrant|\bguarantee/i },
  {
    name: "colour",
    asked: /\bcolou?rs?\b/i,
    told: /\b(?:red|green|blue|black|white|gr[ae]y|yellow|orange|brown|ochre|coral)\b/i,
  },
  {
    name: "size",
    asked: /\bsizes?\b|\bdimensions?\b|how (?:tall|wide|long) is\b/i,
    told: /\bsizes?\b|\bXS\b|\d\s?x\s?\d/,
  },
  { name: "age", asked: /\bage\b|how old/i, told: /\bchild|\byears?\b/i },
  { name: "temperature", asked: /\btemperature|\bwarm|\bcold\b|\bdegrees?\b/i, told: /°|\bdegrees?\b/i },
  { name: "insulation", asked: /\bR-value|\binsulat/i, told: /\bR-value|\binsulat/i },
  { name: "brightness", asked: /\bbright|\blumens?\b/i, told: /\blumens?\b/i },
  {
    name: "waterproofing",
    asked: /\bwaterproof|\bwater[- ]resist|\bin the rain\b/i,
    told: /\bwaterproof|\bwater[- ](?:resist|repel)|\bIPX\d/i,
  },
  {
    name: "washing",
    asked: /\bwash|\bdishwasher|\bclean\b|\blaundry/i,
    told: /\bwash|\bclean\b|\bdishwasher/i,
  },
  {
    name: "running time",
    asked: /how long (?:does|do|will) .*\b(?:run|last)|\bbattery life/i,
    told: /\bruns?\b.*\bhours?|\blasts?\b/i,
  },
  {
    name: "duration",
    asked: /how (?:long|fast|quickly|soon)\b|\bhow many days/i,
    told: /\b\d+ (?:business )?(?:days|weeks|hours)\b/i,
  },
  {
    name: "capacity",
    asked: /\bholds?\b|\bcapacity|\bvolume|\bhow many (?:people|persons)|\bhow big\b/i,
    told: /\bholds?\b|\b(?:litres?|liters?|ml)\b|\bperson\b|\bpeople\b|\bsleeps\b/i,
  },
  {
    name: "material",
    asked: /\bmaterial|\bmade (?:of|from|out of)\b|\bfabric/i,
    told: /\bmade (?:of|from)\b|\bnylon|\bpolyester|\bleather|\bwool|\bcotton|\bdown\b|\bsteel|\balumini/i,
  },
  {
    name: "hours",
    asked: /\bopening hours|\bopen\b.*\b(?:shop|store|team|support)|\bwhat hours/i,
    told: /\b\d{1,2} ?(?:am|pm)\b/i,
  },
];

/** A question that asks for the first is not asking for the second, though its words could mean that too. */
const NOT_BOTH = [
  ["load", "weight"],
  ["running time", "duration"],
  ["warranty", "size"],
  ["warranty", "duration"],
];

/** The aspects that a question asks about; at most two, as a sentence hardly asks for more. */
export function aspectsOf(question: string): Aspect[] {
  const found = ASPECTS.filter(({ asked }) => asked.test(question));
  const names = new Set(found.map(({ name }) => name));
  for (const [meant, other] of NOT_BOTH) if (names.has(meant!)) names.delete(other!);
  return found.filter(({ name }) => names.has(name)).slice(0, 2);
}
