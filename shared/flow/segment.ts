/**
 * A piece of rendered text and where it came from. Only what the template's author wrote is `literal`: what came out
 * of a value can never open a message.
 */
export interface Segment {
  kind: "literal" | "interpolated";
  text: string;
  /** The input an interpolation starts from, where it is a plain path such as `customer.name`. */
  source: string | undefined;
  /** That path. Equal to `source` where the whole input is printed. */
  path: string | undefined;
}

export function literal(text: string): Segment {
  return { kind: "literal", text, source: undefined, path: undefined };
}

export function interpolated(text: string, path: string | undefined): Segment {
  return { kind: "interpolated", text, source: path?.split(".")[0], path };
}
