/** The known name most like one that is not known, where one is close enough to be meant. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase().slice(0, 200), candidate.toLowerCase().slice(0, 200));
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
  }
  const limit = Math.max(2, Math.floor(name.length / 3));
  return best !== undefined && best.distance <= limit ? best.name : undefined;
}

/** "Did you mean x? Known: ..." as a remedy. */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const nearest = nearestName(name, known);
  const shown = known.slice(0, 20).join(", ");
  const list = known.length === 0 ? `There are no ${what}.` : `Known ${what}: ${shown}.`;
  return nearest === undefined ? list : `Did you mean ${nearest}? ${list}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
