/** What is measured of every row beside its scores. */
export type OperationalMetricName =
  | "latency"
  | "input_tokens"
  | "output_tokens"
  | "cost"
  | "errors"
  | "refusals";

export interface OperationalMetric {
  name: OperationalMetricName;
  unit: "ms" | "tokens" | "USD" | "rows";
  direction: "higher" | "lower";
  help: string;
}

/** Every operational metric by its name. */
export const OPERATIONAL_METRICS: Record<OperationalMetricName, OperationalMetric> = {
  latency: {
    name: "latency",
    unit: "ms",
    direction: "lower",
    help: "Time from the question to the whole answer, its steps included.",
  },
  input_tokens: {
    name: "input_tokens",
    unit: "tokens",
    direction: "lower",
    help: "Tokens of the prompt, as the model's service counted them.",
  },
  output_tokens: {
    name: "output_tokens",
    unit: "tokens",
    direction: "lower",
    help: "Tokens of the answer, as the model's service counted them.",
  },
  cost: {
    name: "cost",
    unit: "USD",
    direction: "lower",
    help: "Price of the answer's tokens. Missing where the model's price is not known.",
  },
  errors: {
    name: "errors",
    unit: "rows",
    direction: "lower",
    help: "Rows that got no answer: failed or cut off. Missing where the model's quota was used up.",
  },
  refusals: {
    name: "refusals",
    unit: "rows",
    direction: "lower",
    help: "Rows that the service's content filter would not answer.",
  },
};
