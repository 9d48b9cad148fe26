import { stem } from "./stem.ts";

/** Words that a shop's customers and a shop's pages use for the same thing; the first stands for all. */
const GROUPS = [
  "price cost priced expensive cheap pay paid total",
  "weight weigh heavy heavier light lighter lightest lightweight",
  "waterproof watertight rain rainproof resistant resist repel water-resistant hydrostatic wet",
  "warranty guarantee guaranteed",
  "return refund exchange",
  "ship shipping delivery deliver delivered dispatch shipment",
  "order buy bought purchase purchased ordered",
  "capacity volume liter litre litres hold holds sleep sleeps accommodate person people occupant roomy big",
  "material fabric",
  "temperature cold colder warm warmer degree degrees celsius freezing winter",
  "wash washable clean machine-wash laundry",
  "membership member tier loyalty",
  "battery charge recharge rechargeable runtime",
  "jacket coat",
  "boot boots shoe footwear",
  "backpack rucksack",
  "stove cooker burner",
  "lamp lantern headlamp torch",
  "hike trek trekking hiking trail hiker",
  "colour color",
  "size sizes dimension measure",
  "status track tracking",
];

const CANONICAL = new Map(
  GROUPS.flatMap((group) => {
    const stems = group.split(" ").map(stem);
    return stems.map((member) => [member, stems[0]!] as const);
  }),
);

/** The stem that stands for a word's meaning: "costs", "price" and "expensive" give one and the same. */
export function meaningOf(word: string): string {
  const stemmed = stem(word);
  return CANONICAL.get(stemmed) ?? stemmed;
}
