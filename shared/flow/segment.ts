/**
 * A piece of rendered text and where it came from. Only what the template's author wrote is `literal`: what came out
 * of a value opens a message only where `origin` says that it can.
 */
export interface Segment {
  kind: "literal" | "interpolated";
  text: string;
  /** The input an interpolation starts from, where it is a plain path such as `customer.name`. */
  source: string | undefined;
  /** That path. Equal to `source` where the whole input is printed. */
  path: string | undefined;
  /** Undefined: its text can be anything. */
  origin: SegmentOrigin | undefined;
}

/** What an interpolation is made of, as far as that makes messages. */
export type SegmentOrigin =
  /** The template's own words, and the role fields of these inputs' items: nothing else of any value is in it. The item, where it is one's. */
  | { kind: "words"; inputs: readonly string[]; item?: unknown }
  /** These items of these inputs, printed whole. */
  | { kind: "items"; inputs: readonly string[]; items: readonly unknown[] };

export function literal(text: string): Segment {
  return { kind: "literal", text, source: undefined, path: undefined, origin: undefined };
}

export function interpolated(text: string, path: string | undefined, origin?: SegmentOrigin): Segment {
  return { kind: "interpolated", text, source: sourceOf(path), path, origin };
}

function sourceOf(path: string | undefined): string | undefined {
  const dot = path?.indexOf(".") ?? -1;
  return dot < 0 ? path : path?.slice(0, dot);
}
