/**
 * A piece of rendered text and where it came from. Only what the template's author wrote is `literal`: what came out
 * of a value can never open a message.
 */
export interface Segment {
  kind: "literal" | "interpolated";
  text: string;
  /** The input an interpolation starts from, where it is a plain path such as `customer.name`. */
  source: string | undefined;
}
