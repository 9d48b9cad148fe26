/** A row's name in a run, as the address of its page has it: `data/questions.jsonl:q7`, and `:2` for its third trial. */
export function rowKey({ dataset, id, trial }: { dataset: string; id: string; trial: number }): string {
  return [dataset, id, ...(trial > 0 ? [trial] : [])].join(":");
}
