const REMEDIES: [ending: RegExp, remedy: string][] = [
  [/\.ya?ml$/i, "Mend the YAML at this place: brackets, quotes and indents must match."],
  [
    /\.jsonl$/i,
    'Write one JSON object a line, with double quotes around names and texts: {"question": "..."}.',
  ],
  [/\.json$/i, "Mend the JSON at this place: double quotes around names and texts, no comma after the last."],
  [
    /\.csv$/i,
    "Give each line as many values as the first line has names; put double quotes around a value with a comma.",
  ],
  [/\.prompty$/i, "Mend the prompt at this place; docs/bring-your-flow.md shows how one is written."],
];

/** What to do about a problem that came without advice, such as a syntax error: how such a file is written. */
export function fallbackRemedy(file: string): string | undefined {
  return REMEDIES.find(([ending]) => ending.test(file))?.[1];
}
