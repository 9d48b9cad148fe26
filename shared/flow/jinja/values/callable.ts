import type { CallArguments } from "./call-arguments.ts";
import type { Segment } from "../../segment.ts";

/** Something with fields that a template can read. */
export class TemplateObject {
  readonly name: string;
  readonly field: (name: string) => unknown;
  /** What it prints; undefined where Python prints an address in memory. */
  readonly text: (() => string) | undefined;
  constructor(name: string, options: { field?: TemplateObject["field"]; text?: () => string } = {}) {
    this.name = name;
    this.field = options.field ?? (() => undefined);
    this.text = options.text;
  }
}

interface CallableOptions {
  field?: TemplateObject["field"];
  text?: () => string;
  render?: Callable["render"];
}

/** Something a template can call. `escaping` is whether the call stands in `{% autoescape true %}`. */
export class Callable extends TemplateObject {
  readonly call: (given: CallArguments, escaping: boolean) => unknown;
  /**
   * Of a recursive loop: renders its pieces one by one, so that the author's text in them stays known as the author's
   * where the call stands alone in `{{ }}`, as it is in the rounds around it.
   */
  readonly render: ((given: CallArguments, output: (segment: Segment) => void) => void) | undefined;
  constructor(name: string, call: Callable["call"], options: CallableOptions = {}) {
    super(name, options);
    this.call = call;
    this.render = options.render;
  }
}
