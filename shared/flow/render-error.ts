import { PermanentError } from "../errors.ts";

/** A prompt that cannot be rendered with these inputs. The message names the file, the line and the fix. */
export class RenderError extends PermanentError {
  override readonly name: string = "RenderError";
}
