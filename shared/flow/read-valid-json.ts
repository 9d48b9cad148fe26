import { pastSpace, pastValue } from "./json-members.ts";
import { closingQuote } from "./json-shape.ts";

/**
 * What a valid JSON text says, nested as deep as a program may call itself, without `JSON.parse` reading the keys of
 * objects: in V8 13.6 it takes a key with an escape for one it saw before in such a place (after `{"\\":1}`, the key of
 * `{"\"":1}` is a backslash).
 */
export function readValidJson(text: string): unknown {
  let at = pastSpace(text, 0);
  const readString = (): string => {
    const start = at;
    at = closingQuote(text, at) + 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  /** Past the character here and the space after it. */
  const skip = (): void => {
    at = pastSpace(text, at + 1);
  };
  const read = (): unknown => {
    switch (text[at]) {
      case '"':
        return readString();
      case "[": {
        const items: unknown[] = [];
        skip();
        while (text[at] !== "]") {
          items.push(read());
          at = pastSpace(text, at);
          if (text[at] === ",") skip();
        }
        at += 1;
        return items;
      }
      case "{": {
        const members: [string, unknown][] = [];
        skip();
        while (text[at] !== "}") {
          const name = readString();
          at = pastSpace(text, at);
          skip();
          members.push([name, read()]);
          at = pastSpace(text, at);
          if (text[at] === ",") skip();
        }
        at += 1;
        return Object.fromEntries(members);
      }
      default: {
        const start = at;
        at = pastValue(text, at);
        return JSON.parse(text.slice(start, at));
      }
    }
  };
  return read();
}
