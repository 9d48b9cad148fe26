import { RenderError } from "./render-error.ts";
import type { Segment } from "./segment.ts";

/** A strict input that looks as if it opened a message. */
class StrictViolation extends RenderError {
  override readonly name: string = "StrictViolation";
}

const BOUNDARY =
  /^[^\S\n]{0,100}#?[^\S\n]{0,100}(?:system|user|assistant|developer)[^\S\n]{0,100}(?:\[[^\]\n]{0,500}\][^\S\n]{0,100})?:/im;

/**
 * A value never opens a message; a value of a strict input is refused for trying. Throws `StrictViolation` naming the
 * input, and never its value.
 */
export function checkStrict(
  segments: readonly Segment[],
  isStrict: (input: string) => boolean,
  placeOf?: (input: string) => RenderError["place"],
): void {
  for (const { kind, text, source } of segments) {
    if (kind === "interpolated" && source !== undefined && isStrict(source) && BOUNDARY.test(text)) {
      throw new StrictViolation(
        `The input ${source} is strict, and one of its lines begins as a message does (a role and a colon).`,
        { place: placeOf?.(source) },
      );
    }
  }
}
