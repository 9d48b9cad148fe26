import * as z from "zod";
import type { Budget } from "../model/budget.ts";
import { fields } from "./strict-fields.ts";

const NUMBER = String.raw`(?:\d+(?:\.\d+)?|\.\d+)`;
const TOKENS = new RegExp(String.raw`^\s*(${NUMBER})\s*([kKmMbB])?\s*$`);
const DOLLARS = new RegExp(String.raw`^\s*\$?\s*(${NUMBER})\s*$`);
const SCALE: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9 };

const EXPECTED_TOKENS = "Expected tokens such as 2M, 500k or 2000000.";
const EXPECTED_COST = 'Expected US dollars such as "$5" or 0.50.';
const tokens = z.union(
  [z.string().regex(TOKENS, EXPECTED_TOKENS), z.number(EXPECTED_TOKENS).min(0, EXPECTED_TOKENS)],
  EXPECTED_TOKENS,
);
const cost = z.union(
  [z.string().regex(DOLLARS, EXPECTED_COST), z.number(EXPECTED_COST).min(0, EXPECTED_COST)],
  EXPECTED_COST,
);

/** A budget as people write it, in `flow.yaml` and in the settings. */
export const budgetSchema = fields({
  tokens: tokens
    .optional()
    .describe("The most tokens, of questions, answers and judges together: 2M, 500k or a number."),
  cost: cost.optional().describe('The most US dollars: "$5" or 0.50. Needs the price of every model asked.'),
});

/** Reads 2M, 500k, 2000000; "$5", 0.50. Tokens are whole. */
export function parseBudget(written: z.infer<typeof budgetSchema>): Budget {
  const [, digits, unit = ""] = TOKENS.exec(String(written.tokens ?? "")) ?? [];
  const dollars = DOLLARS.exec(String(written.cost ?? ""))?.[1];
  return {
    tokens: digits === undefined ? undefined : Math.floor(Number(digits) * (SCALE[unit.toLowerCase()] ?? 1)),
    cost: dollars === undefined ? undefined : Number(dollars),
  };
}
