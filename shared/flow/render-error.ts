import { PermanentError } from "../errors.ts";

/** Where in a prompt rendering failed. */
interface RenderPlace {
  file: string;
  line: number;
  column: number;
}

/** A prompt that cannot be rendered with these inputs. The message names the file, the line and the fix. */
export class RenderError extends PermanentError {
  override readonly name: string = "RenderError";
  readonly place: RenderPlace | undefined;
  /** The message without the place. */
  readonly detail: string;
  /** The input whose value cannot be rendered, where one alone is to blame. */
  readonly input: string | undefined;
  constructor(
    message: string,
    options: { cause?: unknown; place?: RenderPlace | undefined; input?: string | undefined } = {},
  ) {
    const { cause, place, input } = options;
    super(place === undefined ? message : `${place.file}:${place.line}:${place.column}: ${message}`, {
      cause,
    });
    this.place = place;
    this.detail = message;
    this.input = input;
  }
}
