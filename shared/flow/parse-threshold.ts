import type { GateRequirement, Statistic } from "../model/flow.ts";

/** A threshold or margin that cannot be read, and how it is written. */
export class FormatError extends Error {
  override readonly name: string = "FormatError";
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** What a number of a gate is measured in. */
type Unit = "time" | "money" | "share" | "number";

type Threshold = NonNullable<GateRequirement["threshold"]>;
type Margin = NonNullable<GateRequirement["noWorseThan"]>;

/** The unit of a metric's statistic: shares and rates are shares whatever the metric. */
function unitOf(metric: string, statistic: Statistic): Unit {
  if (statistic === "passRate" || statistic === "rate") return "share";
  if (statistic === "defects") return "number";
  if (metric === "latency") return "time";
  return metric === "cost" ? "money" : "number";
}

const COMPARED = /^(>=|<=|>|<|=|==)?\s*(.*)$/s;

/**
 * Reads ">= 4", "<= 4s", "<= $0.002" or ">= 80%". A bare number is an upper limit for what is counted as a failure.
 * Throws `FormatError` with what is expected.
 */
export function parseThreshold(written: string | number, metric: string, statistic: Statistic): Threshold {
  const unit = unitOf(metric, statistic);
  const [, comparison, rest = ""] = COMPARED.exec(String(written).trim()) ?? [];
  const value = parseAmount(rest, unit);
  if (value === undefined)
    throw new FormatError(`${JSON.stringify(written)} is no threshold.`, `Write it as ${EXAMPLES[unit]}.`);
  if (comparison === undefined) {
    if (statistic === "defects" || statistic === "rate") return { comparison: "<=", value };
    throw new FormatError(`${rest} has no direction.`, `Say ">= ${rest}" or "<= ${rest}".`);
  }
  if (comparison !== ">=" && comparison !== "<=") {
    const meant = comparison.startsWith("<") ? "<=" : ">=";
    throw new FormatError(`There is no comparison ${comparison}.`, `Write "${meant} ${rest}".`);
  }
  return { comparison, value };
}

/** Reads 0.2, "200ms" or "$0.001" (absolute, in the metric's unit) or "20%" (relative). Throws `FormatError`. */
export function parseNoWorseThan(written: string | number, metric: string, statistic: Statistic): Margin {
  const text = String(written).trim();
  const relative = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(text);
  if (relative !== null) return { relative: Number(relative[1]) / 100 };
  const unit = unitOf(metric, statistic);
  const absolute = parseAmount(text, unit);
  if (absolute === undefined || absolute < 0) {
    throw new FormatError(`${JSON.stringify(written)} is no margin.`, `Write it as ${MARGINS[unit]}.`);
  }
  return { absolute };
}

const EXAMPLES: Record<Unit, string> = {
  time: '"<= 4s" or "<= 800ms"',
  money: '"<= $0.002"',
  share: '">= 0.8" or ">= 80%"',
  number: '">= 4"',
};
const MARGINS: Record<Unit, string> = {
  time: "200ms or 20%",
  money: "$0.001 or 20%",
  share: "0.05",
  number: "0.2 or 20%",
};

/** Times in milliseconds, money in US dollars, shares from 0 to 1. */
function parseAmount(text: string, unit: Unit): number | undefined {
  const found = /^(\$)?\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|min|%)?$/.exec(text.trim());
  if (found === null) return undefined;
  const [, dollar, digits, suffix] = found;
  const value = Number(digits);
  if (dollar !== undefined) return unit === "money" && suffix === undefined ? value : undefined;
  if (suffix === undefined) return unit === "share" && value > 1 ? undefined : value;
  if (suffix === "%") return unit === "share" && value <= 100 ? value / 100 : undefined;
  if (unit !== "time") return undefined;
  return value * { ms: 1, s: 1000, m: 60_000, min: 60_000 }[suffix as "ms" | "s" | "m" | "min"];
}

const NUMBER = String.raw`(?:\d+(?:\.\d+)?|\.\d+)`;
const AMOUNTS: Record<Unit, string> = {
  time: String.raw`${NUMBER}\s*(?:ms|s|m|min)?`,
  money: String.raw`(?:\$\s*)?${NUMBER}`,
  share: String.raw`(?:0*(?:1(?:\.0+)?|0(?:\.\d+)?|\.\d+)|0*(?:\d{1,2}(?:\.\d+)?|100(?:\.0+)?|\.\d+)\s*%)`,
  number: NUMBER,
};

/** What editors are told of a threshold. `pattern` accepts the texts that `parseThreshold` reads. */
export function thresholdForm(
  metric: string,
  statistic: Statistic,
): { pattern: string; examples: string[]; bare: boolean; maximum: number | undefined } {
  const unit = unitOf(metric, statistic);
  const bare = statistic === "defects" || statistic === "rate";
  return {
    pattern: String.raw`^\s*(?:>=|<=)${bare ? "?" : ""}\s*${AMOUNTS[unit]}\s*$`,
    examples: bare ? ["<= 0"] : FORM_EXAMPLES[unit],
    bare,
    maximum: unit === "share" ? 1 : undefined,
  };
}

/** What editors are told of a metric's `noWorseThan`: `pattern` accepts all that `parseNoWorseThan` reads for it. */
export function marginForm(metric: string): { pattern: string; examples: string[] } {
  const unit = unitOf(metric, "mean");
  return {
    pattern: String.raw`^\s*(?:${AMOUNTS[unit]}|${NUMBER}\s*%)\s*$`,
    examples: MARGINS[unit].split(" or "),
  };
}

const FORM_EXAMPLES: Record<Unit, string[]> = {
  time: ["<= 4s", "<= 800ms"],
  money: ["<= $0.002"],
  share: [">= 0.8", ">= 80%"],
  number: [">= 4"],
};
