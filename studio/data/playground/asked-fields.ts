import type { AskedInput, VersionInputs } from "../../../shared/model/tried-turn.ts";

const PREFIX = "input.";

/** What the versions take beside the question, those of the first first. */
export function askedFields(versions: readonly (VersionInputs | undefined)[]): AskedInput[] {
  const fields = new Map<string, AskedInput>();
  for (const { inputs = [] } of versions.map((version) => version ?? { inputs: [] })) {
    for (const input of inputs) {
      const known = fields.get(input.name);
      fields.set(input.name, known ? { ...known, required: known.required || input.required } : input);
    }
  }
  return [...fields.values()];
}

/** What a field holds before anybody wrote in it: what the address says, else what the author tried the prompt with. */
export function firstValue({ name, sample, default: otherwise }: AskedInput, query: URLSearchParams): string {
  return query.get(PREFIX + name) ?? sample ?? otherwise ?? "";
}

/** The name under which an address holds an input. */
export function queryName(input: string): string {
  return PREFIX + input;
}

/** The fields of a row that asks what a turn asked; `history` under each of the version's names for it. */
export function rowFields(
  { question, histories }: Pick<VersionInputs, "question" | "histories">,
  turn: { question: string; inputs: Readonly<Record<string, string>> },
  history: readonly object[],
  expected: string,
): Record<string, unknown> {
  return {
    [question]: turn.question,
    ...(history.length > 0 && Object.fromEntries(histories.map((name) => [name, history]))),
    ...turn.inputs,
    ...(expected !== "" && { ground_truth: expected }),
  };
}
