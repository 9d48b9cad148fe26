const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;

/** The numbers of a JSON text that are written as floats and whole, such as 2.0, and where each stands. */
export function wholeFloats(text: string): { written: string; offset: number }[] {
  return [...text.matchAll(TOKEN)]
    .filter(([token]) => !token.startsWith('"') && /[.e]/i.test(token) && Number.isInteger(Number(token)))
    .map(({ 0: written, index: offset }) => ({ written, offset }));
}
