import { closingQuote } from "./json-shape.ts";

/** Goes over the items of a JSON list, whose text comes in pieces and goes as it is taken. */
interface ListScan {
  /** Goes on to the end of what has come. `end`: of the last item that surely ended, the comma or bracket behind it. */
  on(text: string): { end: number | undefined; isLast: boolean };
  /** Where the items before an offset start; the text from there on is the text from now on. */
  taken(offset: number): number[];
}

export function createListScan(): ListScan {
  let starts: number[] = [];
  let at = 0;
  let depth = 0;
  let isItemNext = true;
  return {
    on(text) {
      let end: number | undefined;
      for (; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        if (isItemNext && code > 0x20 && code !== 0x2c && code !== 0x5d) {
          starts.push(at);
          isItemNext = false;
        }
        switch (code) {
          case 0x22: {
            // "
            const quote = closingQuote(text, at);
            if (quote === text.length) return { end, isLast: false };
            at = quote;
            break;
          }
          case 0x2c: // ,
            if (depth > 0) break;
            end = at;
            isItemNext = true;
            break;
          case 0x7b: // {
          case 0x5b: // [
            depth += 1;
            break;
          case 0x7d: // }
          case 0x5d: // ]
            if (depth === 0) return { end: at, isLast: true };
            depth -= 1;
            break;
          default:
        }
      }
      return { end, isLast: false };
    },
    taken(offset) {
      const before = starts.filter((start) => start < offset);
      starts = starts.filter((start) => start >= offset).map((start) => start - offset);
      at -= offset;
      return before;
    },
  };
}
