/** Where each item of the list at the top of a JSON text starts. The text is known to be valid. */
export function itemOffsets(text: string): number[] {
  const offsets: number[] = [];
  let depth = 0;
  let expecting = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === undefined || /\s/.test(character)) continue;
    if (expecting && character !== "]") {
      offsets.push(at);
      expecting = false;
    }
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === "[" || character === "{") {
      depth += 1;
      if (depth === 1) expecting = true;
    } else if (character === "]" || character === "}") {
      depth -= 1;
    } else if (character === "," && depth === 1) {
      expecting = true;
    }
  }
  return offsets;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** Where `JSON.parse` stopped. */
export function jsonErrorOffset(text: string, error: unknown): number {
  const message = error instanceof Error ? error.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? text.trimEnd().length : Math.min(Number(position), text.length);
}
