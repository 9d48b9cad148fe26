/** A cell of a CSV record: where it starts, and its text. */
interface CsvCell {
  offset: number;
  text: string;
}

/** The cells of the CSV record that starts at an offset, as `csv-parse` divides it. */
export function csvCells(text: string, start: number): CsvCell[] {
  const cells: CsvCell[] = [];
  let at = start;
  while (text[at] === "\n") at += 1;
  while (true) {
    const offset = at;
    if (text[at] === '"') at = pastQuoted(text, at);
    while (at < text.length && text[at] !== "," && text[at] !== "\n") at += 1;
    const written = text.slice(offset, at);
    const quoted = /^"(.*)"$/s.exec(written)?.[1];
    cells.push({ offset, text: quoted === undefined ? written : quoted.replaceAll('""', '"') });
    if (text[at] !== ",") return cells;
    at += 1;
  }
}

function pastQuoted(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    if (text[at] !== '"') at += 1;
    else if (text[at + 1] === '"') at += 2;
    else return at + 1;
  }
  return at;
}
