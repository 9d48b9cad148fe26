import { TemplateError } from "./template-error.ts";

/** A rendering that costs too much. It ends there, also where it would go on behind other errors. */
export class LimitError extends TemplateError {
  override placed(offset: number): TemplateError {
    return this.offset === undefined ? new LimitError(this.message, offset) : this;
  }
}
