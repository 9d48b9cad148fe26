const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Past the closing quote of the JSON string that starts here; undefined where there is none. */
function endOfValidString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  let at = start + 1;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === '"') return at + 1;
    if (character < " ") return undefined;
    if (character === "\\") {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return undefined;
      at = ESCAPE.lastIndex;
    } else {
      at += 1;
    }
  }
  return undefined;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/**
 * Where a JSON text stops being JSON, as `JSON.parse` does not always say. The text's length where it ends too early;
 * undefined where it is valid.
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let at = 0;
  let expected: "value" | "first" | "key" | "colon" | "next" = "value";
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const takeString = (): boolean => {
    const end = endOfValidString(text, at);
    if (end !== undefined) at = end;
    return end !== undefined;
  };
  while (true) {
    take(SPACE);
    const character = text[at];
    if (character === undefined) return expected === "next" && open.length === 0 ? undefined : text.length;
    if (expected === "next" || expected === "first") {
      const inner = open.at(-1);
      if (inner !== undefined && character === (inner === "{" ? "}" : "]")) {
        open.pop();
        at += 1;
        expected = "next";
        continue;
      }
      if (expected === "next") {
        if (inner === undefined || character !== ",") return at;
        at += 1;
        expected = inner === "{" ? "key" : "value";
        continue;
      }
      expected = inner === "{" ? "key" : "value";
    }
    if (expected === "key") {
      if (!takeString()) return at;
      expected = "colon";
    } else if (expected === "colon") {
      if (character !== ":") return at;
      at += 1;
      expected = "value";
    } else if (character === "{" || character === "[") {
      open.push(character);
      at += 1;
      expected = "first";
    } else {
      if (!takeString() && !take(SCALAR)) return at;
      expected = "next";
    }
  }
}
